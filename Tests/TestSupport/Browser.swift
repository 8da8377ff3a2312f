import Foundation

/// Debian's chromium without a window, for pages that must be seen to work.
package enum Browser {
  package static let program = "chromium"

  /// What a page has become, and what the browser said of it.
  package struct Visit {
    package let document: String
    package let errors: String

    /// What the page's script wrote to the console, and errors of its own.
    package var console: [String] {
      errors.split(separator: "\n").filter { $0.contains("CONSOLE") }.map(String.init)
    }
  }

  /// Opens `url`, lets the page's clock run, and returns the document as it stands then.
  ///
  /// - Parameters:
  ///   - reaching: The one address that it may reach; nil for none.
  ///   - seconds: By the page's clock, which stands still while the page waits for an answer.
  package static func visit(
    _ url: String, in folder: TemporaryFolder, reaching host: String? = nil, seconds: Int = 60
  ) throws -> Visit {
    let folders = (Machine.environment["PATH"] ?? "").split(separator: ":")
    guard let path = folders.map({ "\($0)/\(program)" }).first(where: Machine.fileExists) else {
      throw UnmetRequirement("no \(program) on the PATH")
    }
    let browser = try RunningProgram(
      path,
      [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--user-data-dir=\(folder["browser"])", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", "--window-size=1280,900",
        "--host-resolver-rules=MAP * ~NOTFOUND" + (host.map { ", EXCLUDE \($0)" } ?? ""),
        "--enable-logging=stderr", "--virtual-time-budget=\(1000 * seconds)", "--dump-dom", url,
      ], in: folder)
    try browser.waitForEnd()
    return Visit(document: browser.output, errors: browser.errors)
  }
}
