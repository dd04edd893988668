/** What a host says around an answer when it is sent `remoteCommand`, with a line of its login shell before. */
export function framed(answer: string, noise = "Welcome\n"): string {
    return `${noise}\nquorate:answer\n${answer}\nquorate:end\n`;
}
