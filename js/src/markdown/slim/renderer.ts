// Stands in for markdown-it's HTML output in the bundle: tokens become DOM nodes here.

export default class NoRenderer {}
