/** Mantine, dressed in the tokens of theme.css: a colour is named once there and holds for light and dark. */
import {
  Button,
  Checkbox,
  createTheme,
  Input,
  NativeSelect,
  PasswordInput,
  SegmentedControl,
  TextInput,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

const scale = (...shades: [string, string, string, string, string, string, string, string, string, string]) =>
  shades satisfies MantineColorsTuple;

const BRAND = scale(
  "#e4f1ec",
  "#c9e4db",
  "#a3d3c3",
  "#7ac0a9",
  "#5cc9a7",
  "#2f9a7c",
  "#1d8468",
  "#14745b",
  "#0b6650",
  "#084f3e",
);
const DARK = scale(
  "#e9efec",
  "#c4cfca",
  "#a3b1ab",
  "#6f8279",
  "#2a3731",
  "#212d28",
  "#17211d",
  "#0f1714",
  "#0b110f",
  "#070b09",
);

/** Which of the token families "brand", "danger" and "attention" a colour belongs to. */
function familyOf(color: string | undefined): "brand" | "danger" | "attention" {
  return color === "danger" || color === "attention" ? color : "brand";
}

const variantColorResolver: VariantColorsResolver = ({ color, variant }) => {
  const family = familyOf(color);
  const strong = family === "attention" ? "attention" : `${family}-strong`;
  switch (variant) {
    case "filled":
      return {
        background: `var(--${family})`,
        hover: `var(--${strong})`,
        color: `var(--on-${family})`,
        border: "1px solid transparent",
      };
    case "light":
      return {
        background: `var(--${family}-soft)`,
        hover: `var(--${family}-soft)`,
        color: `var(--${family})`,
        border: "1px solid transparent",
      };
    case "subtle":
    case "transparent":
      return {
        background: "transparent",
        hover: `var(--${family}-soft)`,
        color: `var(--${family})`,
        border: "1px solid transparent",
      };
    default:
      return {
        background: "var(--card)",
        hover: "var(--paper)",
        color: color === undefined || color === "brand" ? "var(--ink)" : `var(--${family})`,
        border: "1px solid var(--line)",
      };
  }
};

const variables = {
  "--mantine-color-body": "var(--paper)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-dimmed": "var(--muted)",
  "--mantine-color-placeholder": "var(--muted)",
  "--mantine-color-error": "var(--danger)",
  "--mantine-color-anchor": "var(--brand)",
  "--mantine-color-default": "var(--card)",
  "--mantine-color-default-hover": "var(--paper)",
  "--mantine-color-default-border": "var(--field)",
  "--mantine-color-disabled": "var(--line)",
  "--mantine-color-disabled-color": "var(--muted)",
  "--mantine-color-disabled-border": "var(--line)",
  "--mantine-primary-color-filled": "var(--brand)",
  "--mantine-primary-color-contrast": "var(--on-brand)",
};

/** Points Mantine's own variables to the tokens, in both schemes. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: variables,
  dark: variables,
});

/** The theme. Targets are at least 44 px high on touch screens: see `size` of buttons and inputs. */
export const theme = createTheme({
  fontFamily: '"Atkinson Hyperlegible Next Variable", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Liberation Mono", monospace',
  primaryColor: "brand",
  primaryShade: { light: 8, dark: 4 },
  colors: { brand: BRAND, danger: BRAND, attention: BRAND, dark: DARK },
  variantColorResolver,
  defaultRadius: 10,
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { h: 44, fz: 15, fw: 650, px: 18 } }),
    TextInput: TextInput.extend({ defaultProps: { size: "md" } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: "md" } }),
    NativeSelect: NativeSelect.extend({ defaultProps: { size: "md" } }),
    Checkbox: Checkbox.extend({
      defaultProps: { size: "md", radius: 6, color: "var(--brand)", iconColor: "var(--on-brand)" },
    }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: "md", withItemsBorders: true } }),
    InputWrapper: Input.Wrapper.extend({ defaultProps: { size: "md" } }),
  },
});
