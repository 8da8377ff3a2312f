/// What is written so that a reader sees a page, after the page that was shown before.
package enum WatchFrame {
  /// For a terminal: the page in the place of the one before, whatever was longer there wiped out.
  package static func redraw(_ page: WatchPage, after previous: WatchPage?) -> String {
    var text = ""
    if let previous, !previous.lines.isEmpty { text += "\u{1b}[\(previous.lines.count)A" }
    for line in page.lines { text += "\r\(line)\u{1b}[K\n" }
    // Below it nothing of a longer page stays.
    if let previous, previous.lines.count > page.lines.count { text += "\u{1b}[J" }
    return text
  }

  /// For a pipe: the page as a block of its own; nil where nothing has changed.
  package static func block(_ page: WatchPage, after previous: WatchPage?) -> String? {
    guard page != previous else { return nil }
    return (previous == nil ? "" : "\n") + page.lines.map { $0 + "\n" }.joined()
  }
}
