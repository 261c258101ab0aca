import './ui/mantine'
import '@mantine/notifications/styles.css'
import './style.css'
import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { nonce } from './app/nonce'
import { reloadWhenDeployed } from './app/reload'
import { arriveFromIssuer } from './app/session'

setNonce(nonce()) // for the styles by which a dialog keeps the page behind it from scrolling
reloadWhenDeployed()
void arriveFromIssuer()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
