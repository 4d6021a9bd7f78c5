namespace Fairlead.Model.Security;

/// <summary>A file or folder of the state folder, and who may do what with it.</summary>
/// <param name="Path">Relative to the state folder.</param>
public sealed record StateFile(string Path, UnixFileMode Mode, bool IsFolder);

/// <param name="Free">Bytes that an ordinary account may still write.</param>
public sealed record DiskSize(long Bytes, long Free);
