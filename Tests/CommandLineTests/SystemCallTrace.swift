import Foundation
import TestSupport

/// What `strace -f -y` saw of a program and its children, thread by thread.
struct SystemCallTrace {
  struct Call {
    let name: String
    /// With descriptors as strace shows them: `7</tmp/x>`.
    let arguments: String
    let hasFailed: Bool

    /// The path of its first argument, where that is a descriptor.
    var descriptorPath: String? {
      guard let start = arguments.firstIndex(of: "<"), let end = arguments.firstIndex(of: ">")
      else { return nil }
      return String(arguments[arguments.index(after: start)..<end])
    }

    /// The texts among its arguments.
    var texts: [String] {
      arguments.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
  }

  static let watched = "fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2,link,linkat,write"

  /// By thread.
  let calls: [Int: [Call]]

  /// Runs `vaesweep arguments` to its end under strace.
  static func of(_ program: Program, _ arguments: [String]) throws -> (
    trace: SystemCallTrace, status: Int32, errors: String
  ) {
    let file = program.folder["strace-\(arguments[0])"]
    let strace = try RunningProgram(
      "/usr/bin/strace",
      ["-f", "-qq", "-y", "-s", "512", "-o", file, "-e", "trace=\(watched)", Program.path]
        + arguments,
      in: program.folder, environment: program.environment)
    let status = try strace.waitForEnd()
    let text = try String(contentsOfFile: file, encoding: .utf8)
    return (SystemCallTrace(parsing: text), status, strace.errors)
  }

  /// Reads lines such as `1234  rename("a", "b") = 0`; a call that another thread's interrupts comes in
  /// two lines, `<unfinished ...>` and `<... rename resumed>`.
  init(parsing text: String) {
    var calls: [Int: [Call]] = [:]
    var unfinished: [Int: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let thread = Int(parts[0]) else { continue }
      var call = parts[1].trimmingCharacters(in: .whitespaces)
      if let cut = call.range(of: " <unfinished ...>") {
        unfinished[thread] = String(call[..<cut.lowerBound])
        continue
      }
      if call.hasPrefix("<... "), let resumed = call.range(of: " resumed>") {
        call = (unfinished.removeValue(forKey: thread) ?? "") + call[resumed.upperBound...]
      }
      guard let open = call.firstIndex(of: "("),
        let close = call.range(of: ")", options: .backwards)?.lowerBound, open < close
      else { continue }
      calls[thread, default: []].append(
        Call(
          name: String(call[..<open]),
          arguments: String(call[call.index(after: open)..<close]),
          hasFailed: call[close...].contains("= -1")))
    }
    self.calls = calls
  }

  /// Changes of names whose folder is not synced before the thread's next sign to anybody, or its end.
  var undurableNames: [String] {
    var missing: [String] = []
    for calls in calls.values {
      for (place, call) in calls.enumerated() where !call.hasFailed {
        guard let path = Self.changedName(call) else { continue }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        // Until it says something: to another thread, to another process, to the user.
        let quiet = calls[(place + 1)...].prefix { $0.name != "write" || $0.isToFile }
        let isSynced = quiet.contains { later in
          ["fsync", "fdatasync"].contains(later.name) && !later.hasFailed
            && (later.descriptorPath == folder
              || later.descriptorPath?.hasSuffix("/" + folder) == true
              || folder == ".")
        }
        if !isSynced { missing.append("\(call.name)(\(call.arguments))") }
      }
    }
    return missing
  }

  /// The name that a call gives or takes away.
  private static func changedName(_ call: Call) -> String? {
    switch call.name {
    case "rename", "renameat", "renameat2", "link", "linkat": call.texts.last
    // A file that is removed because nobody needs it may come back; a journal must not.
    case "unlink", "unlinkat": call.texts.first.flatMap { $0.hasSuffix("-journal") ? $0 : nil }
    default: nil
    }
  }
}

extension SystemCallTrace.Call {
  /// Whether what is written goes to a file of the disk.
  var isToFile: Bool {
    descriptorPath?.hasPrefix("/") == true && descriptorPath?.hasPrefix("/dev/") != true
  }
}
