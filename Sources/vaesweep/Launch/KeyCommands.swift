import Keyring
import Platform
import ZeroMQ

/// The `vaesweep keys` commands that other commands print, to be pasted into a shell as they are.
struct KeyCommands: Sendable {
  let folder: KeyFolder

  func approve(_ key: CurvePublicKey, role: KeyRole, name: String? = nil) -> String {
    var command = "vaesweep keys approve \(key) --role \(role.rawValue)"
    if let name { command += " --name \(name)" }
    return command + option
  }

  func invite(to endpoint: String) -> String {
    "vaesweep keys invite --endpoint \(endpoint)" + option
  }

  /// Names the folder where it is not the default one.
  var option: String { folder.isExplicit ? " --keys \(ShellWord.quoted(folder.path))" : "" }
}
