using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Fairlead.Drivers.Secrets.Age;

namespace Fairlead.Tests.Drivers.Secrets;

/// <summary>Files of age open for whom they were sealed, and for nobody else, and not once they were changed.</summary>
public sealed class AgeFileTests
{
    private const int Work = 4;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(200_000)]
    public void What_was_sealed_is_opened_by_each_of_its_recipients_whatever_its_size(int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        var (first, second) = (Identity(1), Identity(2));
        var text = Encoding.ASCII.GetBytes(AgeFile.Seal(content, [RecipientOf(first), RecipientOf(second)]));

        Assert.True(AgeFile.IsOne(text));
        Assert.Equal(content, AgeFile.Open(text, first));
        Assert.Equal(content, AgeFile.Open(text, $"# created: now\n# public key: age1x\n{second}\n"));
        Refused("It was sealed for others: none of the identities opens it.", text, Identity(3));
        Refused("It is sealed for recipients, and no identity (AGE-SECRET-KEY-1...) was given.", text, "a passphrase");
    }

    [Fact]
    public void A_passphrase_opens_what_it_sealed()
    {
        var text = Encoding.ASCII.GetBytes(AgeFile.Seal("DATABASE_URL=x"u8, "correct horse battery", Work));

        Assert.Equal("DATABASE_URL=x"u8.ToArray(), AgeFile.Open(text, "correct horse battery"));
        Refused("The passphrase is not the one it was sealed with.", text, "wrong horse battery");
        Refused("It is sealed with a passphrase, and an identity was given.", text, Identity(1));
    }

    [Fact]
    public void A_file_that_asks_for_days_of_work_is_refused_at_once()
    {
        var text = AgeFile.Seal("x"u8, "correct horse battery", Work);
        var bare = Encoding.Latin1.GetString(Bare(text)).Replace($" {Work}\n", " 30\n", StringComparison.Ordinal);
        Refused(
            "Its passphrase takes 2^30 turns to try, and at most 2^18 are done here.",
            Encoding.Latin1.GetBytes(bare),
            "correct horse battery"
        );
    }

    [Fact]
    public void Each_changed_or_missing_byte_is_found()
    {
        var whole = Bare(AgeFile.Seal(RandomNumberGenerator.GetBytes(70_000), [RecipientOf(Identity(1))]));
        Gen.Int[0, whole.Length - 1]
            .Select(Gen.Byte[1, 255], Gen.Bool)
            .Sample(one =>
            {
                var (at, change, cuts) = one;
                var changed = cuts ? whole[..at] : (byte[])whole.Clone();
                if (!cuts)
                {
                    changed[at] ^= change;
                }
                Assert.Throws<FormatException>(() => AgeFile.Open(changed, Identity(1)));
            });
    }

    [Fact]
    public void Keys_are_written_as_age_writes_them()
    {
        // Made by age-keygen 1.1.1.
        var (identity, recipient) = SealedSamples.Pair();
        Assert.Equal(recipient, RecipientOf(identity));
        Assert.Null(AgeKey.Recipient(recipient[..^1] + (recipient[^1] == 'q' ? 'p' : 'q')));
        Assert.Null(AgeKey.Recipient(char.ToUpperInvariant(recipient[0]) + recipient[1..]));
        Assert.Null(AgeKey.Recipient(identity));
    }

    [Fact]
    public void A_file_that_age_made_is_opened() =>
        Assert.StartsWith(
            "DATABASE_URL=postgres://shop",
            Encoding.UTF8.GetString(AgeFile.Open(SealedSamples.Bytes("age.bin"), SealedSamples.Identity())),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_file_that_age_sealed_with_a_passphrase_is_opened() =>
        Assert.Equal(
            "DATABASE_URL=postgres://shop\n"u8.ToArray(),
            AgeFile.Open(SealedSamples.Bytes("age-passphrase.age"), "correct horse battery")
        );

    [Theory]
    // RFC 7914, section 12: N = 1024, r = 8, with p = 1 computed by libcrypto.
    [InlineData("password", "NaCl", 10)]
    [InlineData("", "", 4)]
    public void Scrypt_is_that_of_RFC_7914(string passphrase, string salt, int work) =>
        Assert.Equal(
            SealedSamples.Scrypt[(passphrase, work)],
            Convert.ToHexStringLower(
                Scrypt.Derive(Encoding.UTF8.GetBytes(passphrase), Encoding.UTF8.GetBytes(salt), work, 64)
            )
        );

    private static void Refused(string why, byte[] file, string key) =>
        Assert.Equal(why, Assert.Throws<FormatException>(() => AgeFile.Open(file, key)).Message);

    private static string Identity(byte seed) =>
        Bech32.Write(AgeKey.IdentityPrefix, [.. Enumerable.Repeat(seed, 32)]).ToUpperInvariant();

    private static string RecipientOf(string identity) => AgeKey.RecipientOf(AgeKey.Identity(identity)!);

    private static byte[] Bare(string armored) =>
        Convert.FromBase64String(string.Concat(armored.Trim().Split('\n')[1..^1]));
}
