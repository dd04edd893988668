//go:build tools

package tools

import (
	_ "github.com/zalando/skipper/cmd/skipper"
)
