import Dataset
import Testing

@Suite("Dataset names and folders")
struct NameTests {
  @Test(
    "A name is read, and written the same way",
    arguments: [
      ("mnist", DatasetName.mnist), ("fashion-mnist", .fashionMNIST),
      ("digits", .digits(train: 60_000, test: 10_000)),
      ("digits:600:100", .digits(train: 600, test: 100)),
      ("./some/folder", .folder("./some/folder")),
      ("/usr", .folder("/usr")), (".", .folder(".")),
    ])
  func parsed(text: String, name: DatasetName) throws {
    #expect(try DatasetName(parsing: text) == name)
    #expect(name.description == text)
  }

  @Test(
    "A name that names nothing is refused with what there is",
    arguments: [
      "", "mnits", "MNIST", "digits:", "digits:5", "digits:0:5", "digits:10:1", "digits:5:1000001",
    ])
  func refused(text: String) {
    let error = datasetError { _ = try DatasetName(parsing: text) }
    #expect(error?.kind == .invalidName)
    #expect(error?.description.contains("digits:") == true)
  }

  @Test(
    "The cache follows XDG_CACHE_HOME where it is absolute, else HOME",
    arguments: [
      (["XDG_CACHE_HOME": "/x", "HOME": "/h"], "/x/vaesweep"),
      (["XDG_CACHE_HOME": "x", "HOME": "/h"], "/h/.cache/vaesweep"),
      (["XDG_CACHE_HOME": "", "HOME": "/h"], "/h/.cache/vaesweep"),
    ])
  func cache(environment: [String: String], expected: String) {
    #expect(DataFolders(environment: environment).cache == expected)
  }
}
