/// The arguments that this process was started with, as `ps` shows them to everybody.
package enum ProcessArguments {
  private static let longest = 4 << 20

  /// Writes over every place where `text` stands among them.
  ///
  /// Until this is called others may have seen it. Nothing happens where the kernel does not tell where
  /// the arguments lie, as before Linux 3.5.
  package static func hide(_ text: String) {
    let secret = Array(text.utf8)
    guard !secret.isEmpty, let range = ProcessStat.own?.arguments, range.count < longest,
      let start = UnsafeMutablePointer<UInt8>(bitPattern: range.lowerBound)
    else { return }
    let arguments = UnsafeMutableBufferPointer(start: start, count: range.count)
    var place = 0
    while place + secret.count <= arguments.count {
      if arguments[place..<(place + secret.count)].elementsEqual(secret) {
        for index in place..<(place + secret.count) { arguments[index] = UInt8(ascii: "x") }
        place += secret.count
      } else {
        place += 1
      }
    }
  }
}
