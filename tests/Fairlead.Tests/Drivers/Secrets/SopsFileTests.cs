using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Fairlead.Drivers.Secrets;
using Fairlead.Drivers.Secrets.Sops;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Secrets;

/// <summary>Files of SOPS give what was sealed in them, and nothing once anything of them was changed.</summary>
public sealed class SopsFileTests
{
    [Fact]
    public void Variables_are_opened_with_the_line_breaks_they_had() =>
        Assert.Equal(
            [
                ("DATABASE_URL", "postgres://shop:s3cret@db/shop"),
                ("TLS_KEY", "-----BEGIN KEY-----\nabcdef\n-----END KEY-----\n"),
                ("PLAIN_unencrypted", "plain-text"),
            ],
            SopsFile.Read(SealedSamples.Text("sops.env"), SealedSamples.Identity())
        );

    [Fact]
    public void JSON_is_opened_and_what_is_no_single_value_is_said_to_be_none() =>
        Assert.Equal(
            [
                ("DATABASE_URL", "postgres://shop:s3cret@db/shop"),
                ("nested", null),
                ("PORT", "5432"),
                ("DEBUG", "True"),
                ("note_unencrypted", "7"),
                ("on_unencrypted", "True"),
                ("nothing", null),
            ],
            SopsFile.Read(SealedSamples.Text("sops.json"), SealedSamples.Identity())
        );

    [Theory]
    [InlineData("PLAIN_unencrypted=plain-text", "PLAIN_unencrypted=other-text")]
    [InlineData("PLAIN_unencrypted=plain-text\n", "")]
    [InlineData("PLAIN_unencrypted=", "ADDED=xxxxxxx\nPLAIN_unencrypted=")]
    [InlineData("DATABASE_URL=ENC", "OTHER_URL=ENC")]
    [InlineData("2026-11-27T08:00:00Z", "2026-11-27T08:00:01Z")]
    [InlineData("sops_mac=", "sops_nomac=")]
    [InlineData("type:str]", "type:str")]
    [InlineData("sops_version", "sops_mac_only_encrypted=true\nsops_version")]
    public void What_was_changed_is_refused(string part, string other)
    {
        var changed = SealedSamples.Text("sops.env").Replace(part, other, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => SopsFile.Read(changed, SealedSamples.Identity()));
    }

    [Fact]
    public void It_opens_for_its_recipient_alone() =>
        Assert.Contains(
            "no identity",
            Assert.Throws<FormatException>(() => SopsFile.Read(SealedSamples.Text("sops.env"), "a passphrase")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_cipher_is_that_of_dotnet_where_that_has_it() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[12], Gen.Byte.Array[0, 100], Gen.Byte.Array[0, 50])
            .Sample(
                (key, nonce, content, bound) =>
                {
                    var (hidden, tag) = (new byte[content.Length], new byte[16]);
                    using var gcm = new AesGcm(key, tag.Length);
                    gcm.Encrypt(nonce, content, hidden, tag, bound);

                    Assert.Equal(content, LongGcm.Open(key, nonce, hidden, tag, bound));
                    tag[3] ^= 1;
                    Assert.Null(LongGcm.Open(key, nonce, hidden, tag, bound));
                },
                iter: 1_000
            );

    [Fact]
    public void Files_of_both_kinds_give_secrets_and_say_of_each_entry_why_it_is_none()
    {
        var files = new SecretFiles("unused");

        Assert.Equal(
            ["DATABASE_URL", "QUOTED", "SINGLE"],
            files.Open(SealedSamples.Bytes("age.bin"), new(SealedSamples.Identity())).Select(one => one.Name)
        );
        Assert.Equal(
            ["two\nlines of it", "as it is\\n"],
            files
                .Open(SealedSamples.Bytes("age.bin"), new(SealedSamples.Identity()))
                .Skip(1)
                .Select(one => one.Value!.Reveal())
        );
        Assert.Equal(
            [
                "DATABASE_URL ",
                "nested It is not a single value.",
                "PORT It has 4 letters, and a secret has at least 6: shorter ones can be guessed, and cannot be hidden in logs.",
                "DEBUG It has 4 letters, and a secret has at least 6: shorter ones can be guessed, and cannot be hidden in logs.",
            ],
            files
                .Open(SealedSamples.Bytes("sops.json"), new(SealedSamples.Identity()))
                .Take(4)
                .Select(one => $"{one.Name} {one.Fault}")
        );
    }

    [Fact]
    public void An_export_comes_back_as_it_was_and_its_message_says_no_value()
    {
        var files = new SecretFiles("unused");
        var (identity, recipient) = SealedSamples.Pair();
        var text = files.Seal(
            [("A", new("first \"value\"\n")), ("B", new("zweiter Wört"))],
            [recipient],
            passphrase: null
        );

        Assert.Equal(
            ["A=first \"value\"\n", "B=zweiter Wört"],
            files.Open(Encoding.ASCII.GetBytes(text), new(identity)).Select(one => $"{one.Name}={one.Value!.Reveal()}")
        );
        Assert.DoesNotContain(
            "value",
            files.Open(Encoding.ASCII.GetBytes(text), new(identity))[0].ToString(),
            StringComparison.Ordinal
        );

        var wrong = Assert.Throws<ProblemException>(() =>
            files.Seal([("A", new("abcdef"))], [identity], passphrase: null)
        );
        Assert.Equal("secret.wrong-recipient", wrong.Problem.Code);
        Assert.DoesNotContain("AGE-SECRET", wrong.Problem.ToString(), StringComparison.Ordinal);
    }
}
