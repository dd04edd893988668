import { shellQuote } from "../../steps/shellQuote";

/** Good answers in a row that let a host back in; each on a new connection. */
export const ANSWERS = 20;
/** Of all targets of a script together; a request more may end after it. */
const SEARCH_SECONDS = 15;

/** Where and what is asked. */
export interface IngressTarget {
    /** `address:port` that is dialled, whatever the URL says. */
    readonly through: string;
    /** The same ingress port of another host, which says what the answer should be; undefined: any below 400 is good. */
    readonly reference: string | undefined;
    /** Under a name that nobody has: what a proxy says without a route. */
    readonly nobody: string;
    /** One at least. The first is asked that the reference tells apart from `nobody`. */
    readonly urls: readonly string[];
}

/**
 * Sets url, expected and told: the first URL whose answer through the reference says that its proxy has read a route. A 404 does
 * not, even where `nobody` gets something else, as from a catch-all: it is what proxies without routes say (TRAPS 63); and 400
 * is said to a path that is no URL's, such as an expression. Where there is no such URL, a catch-all's answer to `nobody` is
 * asked for, or the first URL's, or where that one is silent nobody's; where both are, any answer below 400 is good.
 */
const CHOOSE = `began=$(date +%s)
ask() {
    curl --silent --insecure --globoff --noproxy '*' --max-time 2 --output /dev/null --write-out '%{http_code}' --connect-to "::$2" "$1"
}
choose() {
    reference=$1 url=$3 expected= told=yes
    [ -n "$reference" ] || return
    nobody_url=$2 nobody=$(ask "$2" "$reference")
    shift 2
    for route in "$@"; do
        [ $(($(date +%s) - began)) -lt ${SEARCH_SECONDS} ] || break
        code=$(ask "$route" "$reference")
        [ "$route" != "$1" ] || expected=$code
        case $code in
            "$nobody" | 404 | 400 | 000) ;;
            *) url=$route expected=$code; return ;;
        esac
    done
    told=no
    case $nobody in
        404) [ "$expected" != 000 ] || { url=$nobody_url expected=404; } ;;
        000) [ "$expected" != 000 ] || expected= ;;
        *) url=$nobody_url expected=$nobody ;;
    esac
}`;

/**
 * Asks every target, and prints `failed` with the first answer that is not good, and stops there. Of one with good answers it
 * prints the URL after `proven`, or after `alike` when a proxy without routes may answer as well.
 */
export function ingressScript(targets: readonly IngressTarget[]): string {
    const asks = targets.map((target) => `prove ${shellQuote(target.through)} ${choice(target)}`);
    return `${CHOOSE}
prove() {
    through=$1
    shift
    choose "$@"
    for _ in $(seq ${ANSWERS}); do
        code=$(ask "$url" "$through")
        if [ -n "$expected" ]; then
            [ "$code" = "$expected" ] && continue
            echo "failed $url through $through says $code, through $reference $expected"
        else
            [ "$code" -ge 100 ] && [ "$code" -lt 400 ] && continue
            echo "failed $url through $through says $code"
        fi
        exit 0
    done
    [ $told = yes ] && echo "proven $url" || echo "alike $url"
}
${asks.join("\n")}`;
}

/** Prints `told` when a URL of some target is told apart. */
export function ingressChoiceScript(targets: readonly IngressTarget[]): string {
    const choices = targets.map((target) => `choose ${choice(target)}; [ $told = no ] || { echo told; exit 0; }`);
    return `${CHOOSE}
${choices.join("\n")}`;
}

function choice({ reference, nobody, urls }: IngressTarget): string {
    return [reference ?? "", nobody, ...urls].map(shellQuote).join(" ");
}
