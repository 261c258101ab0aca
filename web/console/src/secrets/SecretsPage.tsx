import { PageHead } from '../ui/PageHead'

export function SecretsPage() {
  return <PageHead title="Secrets" />
}
