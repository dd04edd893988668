# Secrets on their way. Needs steps.sh.

# What a killed step has left in memory; steps run one at a time.
private=/run/quorate-private
rm -rf "$private"

# read_secrets: what standard input hands out becomes variables, empty where nothing came.
read_secrets() {
    local key value
    founding= etcd_token= token= authority= identity=
    while read -r key value || [ -n "$key" ]; do
        case $key in
            founding) founding=$value ;;
            etcd-token) etcd_token=$value ;;
            token) token=$value ;;
            authority) authority=$value ;;
            identity) identity=$value ;;
        esac
    done
}

# open_private: a folder in memory, $private, for what must not lie on a disk. It goes when the step ends, after the command in
# $at_end.
open_private() {
    trap 'explain $?; ${at_end:-:}; rm -rf "$private"' EXIT
    mkdir -m 0700 "$private"
}

# keep NAME: puts standard input into the private folder.
keep() { (umask 077; cat >"$private/$1"); }

# filled FILE PLACEHOLDER=VALUE...: prints the file with its placeholders filled; no other process sees the values.
filled() {
    local text pair
    text=$(<"$1")
    for pair in "${@:2}"; do text=${text//"${pair%%=*}"/"${pair#*=}"}; done
    printf '%s\n' "$text"
}
