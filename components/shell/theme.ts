// Our tokens told to Mantine, so that its pieces wear the same colours, sizes and corners as ours.
import { Button, createTheme, Modal, Notification, SegmentedControl, type CSSVariablesResolver } from "@mantine/core";

export const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  fontSizes: { xs: "12px", sm: "13px", md: "13px", lg: "15px", xl: "20px" },
  lineHeights: { xs: "1.45", sm: "1.45", md: "1.45", lg: "1.45", xl: "1.35" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  radius: { xs: "3px", sm: "4px", md: "6px", lg: "6px", xl: "6px" },
  defaultRadius: "md",
  primaryColor: "indigo",
  colors: { dark: ["#e6eaf0", "#c3cad4", "#9aa6b5", "#808d9c", "#262e39", "#1b222b", "#151a21", "#0e1116", "#0a0d11", "#07090c"] },
  primaryShade: { light: 7, dark: 7 },
  headings: { fontFamily: "var(--font)", fontWeight: "600", sizes: { h1: { fontSize: "20px", lineHeight: "28px" }, h2: { fontSize: "13px", lineHeight: "20px" }, h3: { fontSize: "13px", lineHeight: "20px" } } },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ styles: { root: { fontWeight: 500 } } }),
    SegmentedControl: SegmentedControl.extend({ styles: { root: { border: "1px solid var(--line)", background: "var(--page)", padding: 2 }, indicator: { background: "var(--raised)", boxShadow: "0 0 0 1px var(--line)" }, label: { fontWeight: 500 } } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close this notice" } } }),
    // A dialog's close button has a name, and its head is no second banner of the page.
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" }, attributes: { header: { role: "presentation" } } } }),
  },
});

const colours = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-bright": "var(--text)",
  "--mantine-color-dimmed": "var(--dim)",
  "--mantine-color-placeholder": "var(--mut)",
  "--mantine-color-anchor": "var(--word-blue)",
  "--mantine-color-error": "var(--word-red)",
  // Mantine's own shades of these are too light for white text on them, or for text of them on our ground.
  "--mantine-color-red-filled": "#c92a2a",
  "--mantine-color-red-filled-hover": "#b02525",
  "--mantine-color-red-text": "var(--word-red)",
  "--mantine-color-red-outline": "var(--word-red)",
  "--mantine-color-yellow-outline": "var(--word-amber)",
  "--mantine-color-gray-outline": "var(--dim)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--raised)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--line)",
  "--mantine-color-disabled": "var(--raised)",
  "--mantine-color-disabled-color": "var(--mut)",
  "--mantine-color-disabled-border": "var(--line)",
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: colours, dark: colours });
