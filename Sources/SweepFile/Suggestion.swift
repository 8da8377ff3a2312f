/// What a user may have meant by a word that is not known.
package enum Suggestion {
  /// The known word nearest to `word` by edit distance, or nil where none is near: at most two
  /// edits, and fewer than half the letters.
  package static func nearest(to word: String, among known: [String]) -> String? {
    guard word.utf8.count <= 64 else { return nil }
    let typed = Array(word.lowercased().replacing("-", with: "_"))
    let ranked = known.map { (name: $0, distance: distance(typed, Array($0))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }),
      best.distance <= 2, best.distance * 2 < max(typed.count, 2)
    else { return nil }
    return best.name
  }

  /// Edits (insert, delete, replace, swap neighbours) that turn `left` into `right`: the optimal
  /// string alignment distance, O(left · right).
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var row = [i + 1]
      for (j, other) in right.enumerated() {
        var edits = min(last[j + 1] + 1, row[j] + 1, last[j] + (letter == other ? 0 : 1))
        if i > 0, j > 0, letter == right[j - 1], left[i - 1] == other {
          edits = min(edits, beforeLast[j - 1] + 1)
        }
        row.append(edits)
      }
      beforeLast = last
      last = row
    }
    return last[right.count]
  }
}
