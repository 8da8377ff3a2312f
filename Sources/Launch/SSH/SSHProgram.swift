/// How the user's own `ssh` is called.
package struct SSHProgram: Hashable, Sendable {
  /// Where a forward of the connection leads to, as seen from here: `HOST:PORT`.
  package var tunnel: String?
  /// The program with the user's options, of which ssh lets the first of each kind win.
  private let words: [String]

  /// - Parameter command: Such as `ssh -p 2222`; quotes hold blanks together, as in a shell.
  /// - Returns: nil where a quote has no end, or nothing stands there.
  package init?(command: String, tunnel: String? = nil) {
    guard let words = Self.split(command), !words.isEmpty else { return nil }
    self.words = words
    self.tunnel = tunnel
  }

  /// The words that run `command` on `target`, the program first.
  ///
  /// - Parameter forwards: Whether the connection opens the tunnel.
  package func call(_ target: String, _ command: String, forwards: Bool) -> [String] {
    var options = [
      // Nobody sits at a hundred prompts.
      "BatchMode=yes", "ConnectTimeout=15",
      // A link that has died unseen is noticed within a minute.
      "ServerAliveInterval=15", "ServerAliveCountMax=4",
      // A connection that is there already serves (it may have taken a password); ours is nobody's.
      "ControlMaster=no", "RemoteCommand=none", "PermitLocalCommand=no", "ForwardX11=no",
      "ForwardAgent=no",
      // Its own messages tell which port a tunnel has got.
      "LogLevel=INFO",
    ]
    var tunnelling: [String] = []
    if forwards, let tunnel {
      // A forward of a shared connection would outlive this one.
      options += ["ControlPath=none", "ExitOnForwardFailure=yes"]
      tunnelling = ["-R", "127.0.0.1:0:\(tunnel)"]
    }
    return words + ["-T"] + options.flatMap { ["-o", $0] } + tunnelling + [target, command]
  }

  /// The port of the host that ssh says its forward has got.
  static func allocatedPort(in line: String) -> Int? {
    guard let match = line.firstMatch(of: /Allocated port (\d{1,5}) for remote forward/) else {
      return nil
    }
    return Int(match.1)
  }

  private static func split(_ text: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in text {
      switch (character, quote) {
      case (_, let open?) where character == open: quote = nil
      case (_, .some): word = (word ?? "") + String(character)
      case ("'", nil), ("\"", nil):
        quote = character
        word = word ?? ""
      case (_, nil) where character.isWhitespace:
        if let done = word { words.append(done) }
        word = nil
      case (_, nil): word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else { return nil }
    if let word { words.append(word) }
    return words
  }
}
