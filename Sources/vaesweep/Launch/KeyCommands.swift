import Keyring
import ZeroMQ

/// The `vaesweep keys` commands that other commands print, to be pasted into a shell as they are.
struct KeyCommands: Sendable {
  let folder: KeyFolder

  func approve(_ key: CurvePublicKey, role: KeyRole, name: String? = nil) -> String {
    var command = "vaesweep keys approve \(key) --role \(role.rawValue)"
    if let name { command += " --name \(name)" }
    return command + option
  }

  /// Names the folder where it is not the default one.
  var option: String { folder.isExplicit ? " --keys \(Self.quoted(folder.path))" : "" }

  /// In single quotes where a shell might read more than itself into it.
  static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case 45...58, 64...90, 95, 97...122: true  // - . / 0-9 : @ A-Z _ a-z
      default: false
      }
    }
    if isPlain, !text.isEmpty { return text }
    return "'\(text.replacing("'", with: #"'\''"#))'"
  }
}
