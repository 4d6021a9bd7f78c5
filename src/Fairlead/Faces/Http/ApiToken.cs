using System.Security.Cryptography;

namespace Fairlead.Faces.Http;

/// <summary>The token that callers over TCP must show: made at the first start, readable by its owner alone.</summary>
public static class ApiToken
{
    private const int Bytes = 32;
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads it; makes it when there is none, or what is there is no whole token.</summary>
    public static string ReadOrMake(string file)
    {
        if (File.Exists(file))
        {
            File.SetUnixFileMode(file, OwnerAlone);
            var known = File.ReadAllText(file).Trim();
            if (known.Length == Bytes * 2)
            {
                return known;
            }
        }
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var made = file + ".new";
        File.Delete(made);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerAlone,
        };
        using (var writer = new StreamWriter(new FileStream(made, options)))
        {
            writer.WriteLine(token);
        }
        File.Move(made, file, overwrite: true);
        return token;
    }
}
