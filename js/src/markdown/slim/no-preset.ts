// Stands in for presets of markdown-it that nobody asks for.

export default {};
