import ArgumentParser
import Foundation
import Keyring
import Logging
import Wire
import ZeroMQ

/// `--keys`: where key files are.
struct KeyOptions: ParsableArguments {
  @Option(help: "Folder with your keys (default: $XDG_CONFIG_HOME/vaesweep).") var keys: String?

  var folder: KeyFolder {
    KeyFolder(explicit: keys, environment: ProcessInfo.processInfo.environment)
  }
}

/// How a command reaches a coordinator: on loopback as it is, beyond it with keys or `--insecure`.
struct ContactOptions: ParsableArguments {
  @Option(help: "The coordinator's public key, as it prints it at its start.")
  var serverKey: String?
  @Flag(help: "Reach a coordinator beyond loopback without encryption.") var insecure = false
  @OptionGroup var keyFolder: KeyOptions

  /// The coordinator's key; nil where no keys are in use.
  func server(at endpoint: Endpoint, option: String) throws(CommandError) -> CurvePublicKey? {
    guard let serverKey else {
      guard endpoint.isLoopback || insecure else {
        throw .badInput(
          "\(option) \(endpoint): beyond loopback a coordinator has a key: give --server-key KEY, "
            + "as it prints it at its start, or --insecure on both sides for none")
      }
      return nil
    }
    guard !insecure else {
      throw .badInput("--insecure and --server-key exclude each other: leave one of them out")
    }
    do {
      return try CurvePublicKey(parsing: serverKey)
    } catch {
      throw .badInput("--server-key: \(error)")
    }
  }

  /// What `--insecure` means.
  func warning(about endpoint: Endpoint) -> String {
    "--insecure: whoever is on the way to \(endpoint) can read, change and forge what is said"
  }

  /// Says what `--insecure` means, where it means something.
  func warn(about endpoint: Endpoint, _ logger: Logger) {
    guard insecure, !endpoint.isLoopback else { return }
    logger.warning("\(warning(about: endpoint))")
  }
}

extension CommandError {
  /// Bad input, unless it is the machine that failed.
  static func of(_ error: KeyringError) -> CommandError {
    switch error.kind {
    case .failed: .failure(error)
    case .exposed, .malformed, .unknown: .badInput(error)
    }
  }
}
