extension Duration {
  /// As people write it: `90s`, `10m`, `2h`.
  package var inWords: String {
    let seconds = components.seconds
    switch seconds {
    case 0: return "\(components.attoseconds / 1_000_000_000_000_000) ms"
    case let whole where whole % 3600 == 0: return "\(whole / 3600)h"
    case let whole where whole % 60 == 0: return "\(whole / 60)m"
    default: return "\(seconds)s"
    }
  }
}
