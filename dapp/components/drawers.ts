/** The drawers of a record, in icons and words. */
import {
  IconBrain,
  IconFileText,
  IconPill,
  IconScan,
  IconShieldCheck,
  IconStethoscope,
  IconTestPipe,
  type Icon,
} from "@tabler/icons-react";

import type { ScopeLabel } from "../../sdk/index.js";

const ICONS = {
  laboratory: IconTestPipe,
  medication: IconPill,
  imaging: IconScan,
  visits: IconStethoscope,
  "mental health": IconBrain,
  insurance: IconShieldCheck,
  documents: IconFileText,
} satisfies Record<ScopeLabel, Icon>;

/** The labels in the SDK's order, known before the SDK is loaded. */
export const DRAWER_LABELS = Object.keys(ICONS) as ScopeLabel[];

/** The icon of a drawer; that of "documents" for a label of another client. */
export function drawerIcon(label: string | null | undefined): Icon {
  return (ICONS as Readonly<Record<string, Icon>>)[label ?? ""] ?? IconFileText;
}
