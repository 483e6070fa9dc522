// Everything behind the sign-in stands in the console's frame.
import type { ReactNode } from "react";
import { Frame } from "@/components/shell/frame";

export default function ConsoleLayout({ children }: { children: ReactNode }) {
  return <Frame>{children}</Frame>;
}
