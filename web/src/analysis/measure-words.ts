import type { Words } from "../shared/words";
import type { Op } from "./question";

export const measureWords: Words<Op> = {
  en: {
    COUNT: "Number",
    CUSTOMERS: "Customers",
    DISTINCT: "Different: {of}",
    SUM: "Sum: {of}",
    MEAN: "Mean: {of}",
    MIN: "Least: {of}",
    MAX: "Greatest: {of}",
    QUANTILE: "{q} quantile: {of}",
  },
  es: {
    COUNT: "Cantidad",
    CUSTOMERS: "Clientes",
    DISTINCT: "Distintos: {of}",
    SUM: "Suma: {of}",
    MEAN: "Media: {of}",
    MIN: "Mínimo: {of}",
    MAX: "Máximo: {of}",
    QUANTILE: "Cuantil {q}: {of}",
  },
  pt: {
    COUNT: "Quantidade",
    CUSTOMERS: "Clientes",
    DISTINCT: "Diferentes: {of}",
    SUM: "Soma: {of}",
    MEAN: "Média: {of}",
    MIN: "Mínimo: {of}",
    MAX: "Máximo: {of}",
    QUANTILE: "Quantil {q}: {of}",
  },
};
