import { PageHead } from '../ui/PageHead'

export function SecretPage() {
  return <PageHead title="Secret" />
}
