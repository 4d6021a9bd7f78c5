namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>What a shared cache keeps, by the names that Bazel's caches have for it.</summary>
internal enum BlobKind
{
    /// <summary>Under the name of what it was made of (<c>ac</c>).</summary>
    Entry,

    /// <summary>Under the digest of its own bytes (<c>cas</c>).</summary>
    Bytes,
}

/// <summary>One thing in a shared cache.</summary>
/// <param name="Name">64 hex digits.</param>
internal readonly record struct Blob(BlobKind Kind, string Name)
{
    public override string ToString() => $"{(Kind == BlobKind.Entry ? "ac" : "cas")}/{Name}";
}
