import Dataset
import Glibc

/// The bytes as an IDX file, plain or gzip, read as a download is; the first byte says which of the
/// four it is to be.
func fuzzIDX(_ bytes: UnsafeBufferPointer<UInt8>) {
  guard let first = bytes.first else { return }
  let file = IDXFile.allCases[Int(first) % IDXFile.allCases.count]
  let path = "/proc/self/fd/\(memory.descriptor)"
  guard memory.hold(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[1...])) else {
    broken("the input cannot be put into a file")
  }
  var count = 0
  do throws(DatasetError) {
    let header = try file.read(path) { count += $0.count }
    if count != header.fileSize { broken("\(count) bytes of \(header.fileSize) came") }
  } catch {
    if error.description.contains(where: \.isNewline) {
      broken("an error of more than one line: \(error)")
    }
  }
}

/// The bytes as a cache file: the four files behind one another.
func fuzzCache(_ bytes: UnsafeBufferPointer<UInt8>) {
  guard let layout = try? IDXLayout.parse(Span(_unsafeElements: bytes), path: "cache") else {
    return
  }
  for file in IDXFile.allCases where layout.body(of: file).upperBound > bytes.count {
    broken("\(file) reaches beyond the file")
  }
}

private let memory = MemoryFile()

/// A file without a name.
private struct MemoryFile {
  let descriptor = tmpfile().map { fileno($0) } ?? -1

  func hold(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard descriptor >= 0, ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0
    else { return false }
    return bytes.isEmpty || write(descriptor, bytes.baseAddress, bytes.count) == bytes.count
  }
}
