/** A passphrase as it is typed: the one that opens a key, or a new one. */
import { PasswordInput } from "@mantine/core";

/** The fewest characters of a new passphrase, as the SDK has it. */
export const MIN_LENGTH = 12;

/** The field, with what password managers need to know. */
export function PassphraseField({
  account,
  label = "Passphrase",
  isNew = false,
  description = isNew
    ? `At least ${MIN_LENGTH} characters; four random words are good. Nobody can reset it for you.`
    : undefined,
  isWrong = false,
  className,
  value,
  onChange,
}: {
  /** Whose it is. */
  account: string;
  label?: string;
  description?: string | undefined;
  isNew?: boolean;
  /** It opened nothing. */
  isWrong?: boolean;
  className?: string | undefined;
  value: string;
  onChange: (value: string) => void;
}) {
  const left = isNew && value.length > 0 ? MIN_LENGTH - value.length : 0;
  return (
    <>
      {/* For password managers: whose passphrase this is. */}
      <input type="text" name="username" autoComplete="username" value={account} readOnly hidden />
      <PasswordInput
        className={className}
        label={label}
        description={description}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={
          isWrong
            ? "This passphrase doesn't open it. Check capital letters and spaces, and try again."
            : left > 0 && `${left} more to go.`
        }
        autoComplete={isNew ? "new-password" : "current-password"}
        required
        visibilityToggleButtonProps={{ "aria-label": "Show the passphrase" }}
      />
    </>
  );
}
