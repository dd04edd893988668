/** Quotes a value so that any POSIX shell reads it as one word. */
export function shellQuote(word: string): string {
    return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
