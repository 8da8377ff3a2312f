/// How many built-in digits to make.
struct DigitRecipe: CustomStringConvertible {
  let train: Int
  let test: Int

  var description: String { "digits 1 \(train) \(test)" }

  func write(to folder: String) throws(DatasetError) -> String {
    throw DatasetError(.missing, "generating digits", problem: "not yet", advice: "wait")
  }
}
