// Stands for what a widget hands to its panels, where these are loaded from their sources.
export default {};
