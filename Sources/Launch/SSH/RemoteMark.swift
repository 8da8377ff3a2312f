/// What a script of ours on a host says to this program, among whatever else a login there prints.
///
/// A line `vaesweep-launch:TOKEN: WORD …`, with a token that nobody there knows before.
package enum RemoteMark: Hashable, Sendable {
  /// The host is another machine than the binary is for, as `uname -sm` says.
  case otherMachine(String)
  /// The binary is not there, or not whole.
  case missing
  /// A worker that this launch did not start serves the same coordinator there.
  case busy(process: Int)
  /// Another line of the hosts file names this host too, and came first.
  case twice
  /// The script waits to be told the endpoint, and then becomes the worker.
  case ready(host: String, process: Int)
  case copied
  /// A worker runs that needs no connection; `hasJoined` once its coordinator has answered.
  case detached(host: String, process: Int, hasJoined: Bool)
  /// A worker that was to be detached has ended.
  case failed(status: Int)
  /// A worker was told to end, and did.
  case ended(process: Int)
  /// A worker was told to end, did not in time, and was killed.
  case killed(process: Int)
  /// No worker of ours was there to be ended.
  case none

  private static let opening = "vaesweep-launch:"

  /// - Returns: nil for a line that is none, or of another token.
  package init?(_ line: String, token: String) {
    let mark = "\(Self.opening)\(token): "
    // A login's last words may lack their end of line.
    guard let range = line.firstRange(of: mark) else { return nil }
    let words = line[range.upperBound...].split(separator: " ").map(String.init)
    let process = { (place: Int) in words.count > place ? Int(words[place]) : nil }
    switch words.first {
    case "machine": self = .otherMachine(words.dropFirst().joined(separator: " "))
    case "missing": self = .missing
    case "copied": self = .copied
    case "twice": self = .twice
    case "none": self = .none
    case "busy":
      guard let number = process(1) else { return nil }
      self = .busy(process: number)
    case "ready":
      guard let number = process(2) else { return nil }
      self = .ready(host: words[1], process: number)
    case "detached":
      guard let number = process(2), words.count == 4 else { return nil }
      self = .detached(host: words[1], process: number, hasJoined: words[3] == "joined")
    case "failed":
      guard let number = process(1) else { return nil }
      self = .failed(status: number)
    case "ended":
      guard let number = process(1) else { return nil }
      self = .ended(process: number)
    case "killed":
      guard let number = process(1) else { return nil }
      self = .killed(process: number)
    case .some, nil: return nil
    }
  }
}
