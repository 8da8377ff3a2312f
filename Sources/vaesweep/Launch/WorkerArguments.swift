import Foundation
import Keyring
import Platform
import Sweep

/// How `run` starts its worker process.
struct WorkerArguments {
  var contact: Contact
  var slots: SlotCount?
  var end: ContinuousClock.Instant?
  var keyFolder: KeyFolder?
  /// How long it waits for its coordinator; nil for as long as any worker does.
  var wait: Duration?
  /// Whether it says nothing but warnings and errors.
  var isQuiet: Bool

  enum Contact {
    case endpoint(String)
    /// In the environment, which only its owner can read: other users see arguments.
    case invitation(Invitation)
  }

  var list: [String] {
    var list = ["worker", "--end-with-input"]
    if case .endpoint(let endpoint) = contact { list += ["--connect", endpoint] }
    if let slots { list += ["--slots", slots.text] }
    if let end {
      // Whole seconds, and at least one: a worker that has less says so itself.
      let left = (end - ContinuousClock.now) / .seconds(1)
      list += ["--until", "\(max(1, Int(left)))s"]
    }
    if let wait { list += ["--wait", "\(max(1, Int(wait / .seconds(1))))s"] }
    if let keyFolder, keyFolder.isExplicit { list += ["--keys", keyFolder.path] }
    if isQuiet { list.append("--quiet") }
    return list + ["--log-format", Console.format.rawValue]
  }

  var environment: [String: String] {
    var environment = ProcessInfo.processInfo.environment
    // What it is told is what counts.
    environment[TimeLimitText.variable] = nil
    switch contact {
    case .endpoint: environment[JoinOption.variable] = nil
    case .invitation(let invitation): environment[JoinOption.variable] = invitation.text
    }
    return environment
  }
}
