// Forms and their answers.

import type { Json, UnknownWord } from "./values.js";

export type FormState = { enabled: false; form?: undefined } | { enabled: true; form: Form };
export interface Form {
  id?: string;
  fields: FormField[];
}
interface FieldBase {
  id: string;
  label: string;
}
interface RequiredField extends FieldBase {
  required: boolean;
}
export type FormField =
  /** Not a question. */
  | (FieldBase & { type: "header"; required?: boolean })
  | (RequiredField & { type: "name" | "email" | "question" | "textarea" | "subject" })
  | (RequiredField & { type: "radio" | "select" | "checkbox"; options: FieldOption[] })
  | (RequiredField & { type: "checkbox_for_email"; checked?: boolean })
  | (RequiredField & { type: "group_chooser"; options: GroupOption[] })
  | (RequiredField & { type: "rating"; commentLabel?: string })
  | (FieldBase & { type: UnknownWord; required?: boolean; options?: FieldOption[] });
export interface FieldOption {
  id: string;
  label: string;
  /** Ticked from the start. */
  checked?: boolean;
}
export interface GroupOption extends FieldOption {
  groupId: number;
}
/** Without `answer` or `answers` the question was left open. */
export type FilledField =
  | (FieldBase & { type: "name" | "email" | "question" | "textarea" | "subject"; answer?: string })
  | (FieldBase & { type: "radio" | "select"; answer?: FieldAnswer })
  | (FieldBase & { type: "checkbox"; answers?: FieldAnswer[] })
  | (FieldBase & { type: "checkbox_for_email"; answer?: boolean })
  | (FieldBase & { type: "group_chooser"; answer?: { id?: string; label: string; groupId: number } })
  | (FieldBase & { type: UnknownWord; answer?: Json; answers?: Json[] })
  | LegacyField;
export interface FieldAnswer {
  id: string;
  label: string;
}
/** Forms of the time before 3.0. */
export interface LegacyField {
  type: "text" | "title" | "information";
  name: string;
  label: string;
  required?: boolean;
  value?: string;
}

// Without this line everything above would be exported, helpers included.
export {};
