using System.Runtime.CompilerServices;

namespace Fairlead.Tests.Drivers.Secrets;

/// <summary>Files that age 1.1.1 and Python's cryptography made, and the key that opens them.</summary>
internal static class SealedSamples
{
    /// <summary>By Python's hashlib, which asks OpenSSL.</summary>
    public static IReadOnlyDictionary<(string Passphrase, int Work), string> Scrypt { get; } =
        new Dictionary<(string Passphrase, int Work), string>
        {
            [("password", 10)] =
                "27b418c674c769d12501fbb1f53bac32df6514c0f28d043872b148b348961a79"
                + "057a6861cc3553246aa0ddb63bc074450b924022547a799538d603396835dd62",
            [("", 4)] =
                "e2b1883717d879f495cb7d86aa1eb8697e724978e8fc819881b007fbba2cf86b"
                + "fb90a4f560643a55df2464cfc75ddd4fa6e88c3a669a3bfd1078e647adfb56ae",
        };

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Here(), "Golden", name));

    public static string Text(string name) => File.ReadAllText(Path.Combine(Here(), "Golden", name));

    public static string Identity() => Text("sops-identity.txt");

    public static (string Identity, string Recipient) Pair()
    {
        var lines = Identity().Trim().Split('\n');
        return (lines[^1], lines[1].Split(' ')[^1]);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
