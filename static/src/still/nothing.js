// What a still does for pointers (build/stills.mjs).

export function setTooltipConfig() {}
export function toggleHoverEmphasis() {}
export function setDefaultStateProxy() {}
export function savePathStates() {}
