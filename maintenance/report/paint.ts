/** Colours words, or leaves them as they are. */
export interface Paint {
    good(text: string): string;
    bad(text: string): string;
    warn(text: string): string;
    title(text: string): string;
    faint(text: string): string;
}

const ansi = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
const plain = (text: string) => text;

/** Colours for a terminal. */
export const colours: Paint = { good: ansi(32), bad: ansi(31), warn: ansi(33), title: ansi(1), faint: ansi(2) };

/** The same words without colours. */
export const noColours: Paint = { good: plain, bad: plain, warn: plain, title: plain, faint: plain };

/** Colours only on a terminal whose user has not set NO_COLOR (no-color.org: any non-empty value). */
export function paintFor(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Paint {
    return stream.isTTY === true && !environment.NO_COLOR ? colours : noColours;
}
