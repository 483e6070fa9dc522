// The catalogue: every failure by its file, in the order of their numbers.
import type { Failure } from "../failure";
import { f01 } from "./f-01";
import { f02 } from "./f-02";
import { f03 } from "./f-03";
import { f04 } from "./f-04";
import { f05 } from "./f-05";
import { f06 } from "./f-06";
import { f07 } from "./f-07";
import { f08 } from "./f-08";
import { f09 } from "./f-09";
import { f10 } from "./f-10";
import { f11 } from "./f-11";
import { f12 } from "./f-12";
import { f13 } from "./f-13";
import { f14 } from "./f-14";
import { f15 } from "./f-15";
import { f16 } from "./f-16";
import { f17 } from "./f-17";
import { f18 } from "./f-18";
import { f19 } from "./f-19";
import { f20 } from "./f-20";
import { f21 } from "./f-21";
import { f22 } from "./f-22";
import { f23 } from "./f-23";
import { f24 } from "./f-24";
import { f25 } from "./f-25";
import { f26 } from "./f-26";
import { f27 } from "./f-27";
import { f28 } from "./f-28";
import { f29 } from "./f-29";
import { f30 } from "./f-30";
import { f31 } from "./f-31";
import { f32 } from "./f-32";
import { f33 } from "./f-33";
import { f34 } from "./f-34";
import { f35 } from "./f-35";
import { f36 } from "./f-36";
import { f37 } from "./f-37";
import { f38 } from "./f-38";
import { f39 } from "./f-39";
import { f40 } from "./f-40";
import { f41 } from "./f-41";
import { f42 } from "./f-42";
import { f43 } from "./f-43";
import { f44 } from "./f-44";
import { f45 } from "./f-45";
import { f46 } from "./f-46";
import { f50 } from "./f-50";
import { f51 } from "./f-51";
import { f52 } from "./f-52";
import { f53 } from "./f-53";
import { f54 } from "./f-54";
import { f55 } from "./f-55";
import { f56 } from "./f-56";
import { f57 } from "./f-57";
import { f58 } from "./f-58";
import { f59 } from "./f-59";
import { f60 } from "./f-60";
import { f61 } from "./f-61";
import { f62 } from "./f-62";
import { f63 } from "./f-63";
import { f70 } from "./f-70";
import { f71 } from "./f-71";
import { f72 } from "./f-72";
import { f73 } from "./f-73";
import { w01 } from "./w-01";
import { w02 } from "./w-02";
import { w03 } from "./w-03";
import { w04 } from "./w-04";
import { w05 } from "./w-05";
import { w06 } from "./w-06";
import { w07 } from "./w-07";
import { w08 } from "./w-08";
import { w09 } from "./w-09";
import { w10 } from "./w-10";
import { w11 } from "./w-11";
import { w12 } from "./w-12";
import { w13 } from "./w-13";
import { w14 } from "./w-14";

export const all: readonly Failure[] = [
  f01, f02, f03, f04, f05, f06, f07, f08, f09, f10, f11, f12,
  f13, f14, f15, f16, f17, f18, f19, f20, f21, f22, f23, f24,
  f25, f26, f27, f28, f29, f30, f31, f32, f33, f34, f35, f36,
  f37, f38, f39, f40, f41, f42, f43, f44, f45, f46, f50, f51,
  f52, f53, f54, f55, f56, f57, f58, f59, f60, f61, f62, f63,
  f70, f71, f72, f73, w01, w02, w03, w04, w05, w06, w07, w08,
  w09, w10, w11, w12, w13, w14,
];

const byId = new Map(all.map((failure) => [failure.id, failure]));
export const failureOf = (id: string): Failure | undefined => byId.get(id);
