const reloadedAt = 'console-reloaded-at'

/**
 * Loads the page anew when a file of it is gone, as after a deploy that came while the page was open. If that does not help within
 * a minute, the file is missing for another reason, and the page says so as of any fault.
 */
export function reloadWhenDeployed(): void {
  addEventListener('vite:preloadError', () => {
    if (Date.now() - Number(sessionStorage.getItem(reloadedAt)) < 60_000) return
    sessionStorage.setItem(reloadedAt, String(Date.now()))
    location.reload()
  })
}
