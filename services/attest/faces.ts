/** Which authority a service speaks for. */
export const FACES = ["registry", "insurer", "authority"] as const;
export type Face = (typeof FACES)[number];

/** When a civil registry looks at a photo: of everyone, or of those of whom it has one. */
export type PhotoRule = "required" | "when on file";
