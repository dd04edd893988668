/** Marks of the property encoding; the values are part of Pulumi's wire protocol and are the SDK's own. */

/** The member whose value says what a marked object is. */
export const specialSigKey = "4dabf18193072939515e22adb298388d";
/** Marks a file, text or remote asset. */
export const specialAssetSig = "c44067f5952c0a294b673a41bacd8c17";
/** Marks an archive. */
export const specialArchiveSig = "0def7320c3a5731c473e5ecbe6d01bc7";
/** Marks a secret. */
export const specialSecretSig = "1b47061264138c4ac30d75fd1eb44270";
/** Marks an output value: a value with its knownness, secretness and dependencies. */
export const specialOutputValueSig = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/** Stands for a value that is not known yet. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
