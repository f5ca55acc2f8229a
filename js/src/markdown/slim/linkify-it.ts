// Stands in for the `linkify-it` package in the bundle: `addAutolinks` brings its own matcher, and
// without it there are no autolinks.

export default class NoLinks {}
