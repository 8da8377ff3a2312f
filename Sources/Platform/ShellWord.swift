/// What a shell reads as one word, for commands that are printed to be pasted.
package enum ShellWord {
  /// `text` as it is, or in single quotes where a shell might read more than itself into it.
  package static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case 43, 45...58, 64...90, 95, 97...122: true  // + - . / 0-9 : @ A-Z _ a-z
      default: false
      }
    }
    return isPlain && !text.isEmpty ? text : "'\(text.replacing("'", with: #"'\''"#))'"
  }
}
