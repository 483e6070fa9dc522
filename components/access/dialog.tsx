"use client";
// A dialog with a named close button; its head is no landmark of the page.
import { Modal, type ModalProps } from "@mantine/core";

export function Dialog(props: ModalProps) {
  return <Modal closeButtonProps={{ "aria-label": "Close" }} attributes={{ header: { role: "presentation" } }} {...props} />;
}
