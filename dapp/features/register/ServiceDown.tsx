/** Says, before somebody sends anything, that a service doesn't answer now. It goes away by itself. */
import { IconPlugConnectedX } from "@tabler/icons-react";

import { Notice } from "../../components/Notice.js";
import { failureOf, isSalusFailure } from "../../lib/errors.js";
import type { KnownService } from "../../lib/services.js";
import { plain } from "../../lib/text.js";

/** A notice as long as the service doesn't answer, or isn't one for this page. */
export function ServiceDown({ service }: { service: KnownService }) {
  const { error } = service.info;
  if (!error) return null;
  if (isSalusFailure(error, "SERVICE_UNREACHABLE", "SERVICE_BUSY")) {
    return (
      <Notice
        icon={IconPlugConnectedX}
        tone="attention"
        title={`${plain(service.name)} doesn't answer at this moment.`}
        live="status"
      >
        Nothing is lost. You can fill this in meanwhile; Salus keeps asking, and this goes away once it answers.
      </Notice>
    );
  }
  const { what, next } = failureOf(error);
  return (
    <Notice tone="danger" title={`${plain(service.name)}: ${what}`} live="alert">
      {next}
    </Notice>
  );
}
