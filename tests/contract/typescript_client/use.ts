// What a program may rely on, checked by the compiler of TypeScript.
import type { components, paths } from "./api";

type Responses = paths["/articles.json"]["get"]["responses"];
type Negotiated = paths["/articles"]["get"]["responses"]["200"]["content"];

declare const listing: Responses["200"]["content"]["application/json"] & Negotiated["application/json"];
declare const selection: components["schemas"]["Selection"];

export const title: string = listing.articles[0].title;
export const selected: string | undefined = selection.title;
export const errors: keyof Responses["400"]["content"] = "application/problem+json";
