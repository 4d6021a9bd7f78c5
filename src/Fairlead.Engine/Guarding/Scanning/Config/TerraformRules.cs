using System.Text.RegularExpressions;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning.Config;

/// <summary>What a Terraform file should not ask for. Read block by block, line by line: expressions are not worked out.</summary>
internal static partial class TerraformRules
{
    private const int LettersMax = 1 << 20;
    private const int DepthMax = 32;
    private const int MatchMilliseconds = 1_000;

    private static readonly Rule OpenWorld = new(
        "tf-open-world",
        Severity.High,
        "A port is open to the whole internet.",
        "Everybody may try, and somebody does within minutes.",
        "Name the networks that need it."
    );
    private static readonly Rule PublicBucket = new(
        "tf-public-bucket",
        Severity.Critical,
        "A bucket is open to everybody.",
        "Its files are found and read by strangers.",
        "Set acl = \"private\" and block public access."
    );
    private static readonly Rule PublicBlock = new(
        "tf-public-access-block",
        Severity.High,
        "The guard against open buckets is off.",
        "One wrong setting later and the files are public.",
        "Set all four to true."
    );
    private static readonly Rule Unencrypted = new(
        "tf-unencrypted",
        Severity.High,
        "What is stored is not encrypted.",
        "A lost disk or snapshot can be read.",
        "Set it to true."
    );
    private static readonly Rule PublicDatabase = new(
        "tf-public-database",
        Severity.Critical,
        "A database has an address on the internet.",
        "Everybody may try its password.",
        "Set publicly_accessible = false."
    );
    private static readonly Rule Password = new(
        "tf-password",
        Severity.High,
        "A password is written into the file.",
        "Everybody who can read the repository or the state has it.",
        "Use a variable that is sensitive, or a secret's reference."
    );
    private static readonly Rule Wildcard = new(
        "tf-wildcard-policy",
        Severity.High,
        "A policy allows everything.",
        "One stolen key is the end.",
        "Name actions and resources."
    );
    private static readonly Rule Metadata = new(
        "tf-imdsv1",
        Severity.Medium,
        "The machine's metadata can be read without a token.",
        "A server that fetches addresses for others gives its keys away.",
        "Set http_tokens = \"required\"."
    );
    private static readonly Rule PublicAddress = new(
        "tf-public-address",
        Severity.Medium,
        "A machine gets an address on the internet.",
        "It can be reached by everybody.",
        "Set it to false and put a load balancer before it."
    );
    private static readonly Rule NoRotation = new(
        "tf-key-rotation",
        Severity.Medium,
        "A key is never changed.",
        "What is stolen once is good for ever.",
        "Set enable_key_rotation = true."
    );
    private static readonly Rule Mutable = new(
        "tf-mutable-tags",
        Severity.Medium,
        "An image's tag can be overwritten.",
        "What was tested is not what runs.",
        "Set image_tag_mutability = \"IMMUTABLE\"."
    );
    private static readonly Rule PlainListener = new(
        "tf-http-listener",
        Severity.Medium,
        "A load balancer answers without encryption.",
        "Anybody between can read and change it.",
        "Use HTTPS, and let HTTP only redirect."
    );
    private static readonly Rule OldTls = new(
        "tf-old-tls",
        Severity.High,
        "Old versions of TLS are allowed.",
        "They are broken.",
        "Take TLS 1.2 or later."
    );
    private static readonly Rule NoProtection = new(
        "tf-no-deletion-protection",
        Severity.Low,
        "A database can be deleted with one command.",
        "It has happened, with its backups.",
        "Set deletion_protection = true."
    );
    private static readonly Rule NoFinalSnapshot = new(
        "tf-skip-final-snapshot",
        Severity.Medium,
        "A database is deleted without a last copy.",
        "A wrong destroy is for ever.",
        "Set skip_final_snapshot = false."
    );
    private static readonly Rule PublicCluster = new(
        "tf-public-cluster",
        Severity.High,
        "The cluster's API answers the whole internet.",
        "Everybody may try.",
        "Name the networks in public_access_cidrs, or make it private."
    );
    private static readonly Rule NoBackup = new(
        "tf-no-backup",
        Severity.Medium,
        "A database keeps no backups.",
        "What is lost is lost.",
        "Set backup_retention_period to 7 or more."
    );
    private static readonly Rule Privileged = new(
        "tf-privileged",
        Severity.High,
        "A container is privileged.",
        "It is root on its machine.",
        "Set it to false."
    );

    public static Seen Look(string path, string text)
    {
        if (text.Length > LettersMax)
        {
            return new([], $"{path} is larger than {LettersMax >> 20} MiB and was not looked at.");
        }
        var notes = new Notes(path);
        var open = new Stack<Block>();
        var number = 0;
        string? here = null;
        foreach (var written in text.Split('\n'))
        {
            number++;
            var line = written.Trim();
            if (here is not null)
            {
                here = line == here ? null : here;
                LookAtPolicy(line, number, notes);
                continue;
            }
            if (line.Length == 0 || line[0] == '#' || line.StartsWith("//", StringComparison.Ordinal))
            {
                continue;
            }
            if (HereDocument().Match(line) is { Success: true } document)
            {
                here = document.Groups["end"].Value;
                continue;
            }
            if (Begin().Match(line) is { Success: true } begin && open.Count < DepthMax)
            {
                Enter(begin, number, open, notes);
            }
            else if (line[0] == '}')
            {
                if (open.TryPop(out var block))
                {
                    Close(block, notes);
                }
            }
            else if (open.TryPeek(out var block))
            {
                Set(line, number, block, notes);
            }
            LookAtPolicy(line, number, notes);
        }
        return open.Count > 0
            ? notes.Seen() with
            {
                Unknown =
                    $"{path} has a block that does not end (line {open.Peek().Line}), so not all of it was looked at.",
            }
            : notes.Seen();
    }

    private static void Enter(Match begin, int number, Stack<Block> open, Notes notes)
    {
        var kind = begin.Groups["kind"].Value;
        var type = begin.Groups["type"].Success ? begin.Groups["type"].Value : kind;
        open.Push(
            new(kind is "resource" or "data" ? type : kind, open.TryPeek(out var above) ? above.Resource : type, number)
        );
        if (begin.Groups["rest"].Value.TrimEnd('}').Trim() is { Length: > 0 } rest)
        {
            Set(rest, number, open.Peek(), notes);
        }
        if (begin.Value.EndsWith('}'))
        {
            Close(open.Pop(), notes);
        }
    }

    private static void Set(string line, int number, Block block, Notes notes)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            return;
        }
        var (key, value) = (line[..equals].Trim(), line[(equals + 1)..].Split(" #")[0].Trim());
        block.Values[key] = (value.Trim('"'), number);
        var isText = value.StartsWith('"') && !value.Contains("${", StringComparison.Ordinal);
        var secret = isText && block.Kind != "variable" && SecretNames.IsSecret(key, value.Trim('"'));
        foreach (
            var (rule, _) in Checks(key, value, secret).Concat(MachineChecks(key, value)).Where(static one => one.Holds)
        )
        {
            notes.Add(rule, number);
        }
    }

    private static (Rule Rule, bool Holds)[] Checks(string key, string value, bool isSecret) =>
        [
            (
                PublicBucket,
                key == "acl" && value is "\"public-read\"" or "\"public-read-write\"" or "\"authenticated-read\""
            ),
            (PublicBucket, key is "member" or "members" && value.Contains("allUsers", StringComparison.Ordinal)),
            (
                PublicBlock,
                key is "block_public_acls" or "block_public_policy" or "ignore_public_acls" or "restrict_public_buckets"
                    && value == "false"
            ),
            (
                Unencrypted,
                key
                    is "storage_encrypted"
                        or "encrypted"
                        or "encryption_at_rest_enabled"
                        or "at_rest_encryption_enabled"
                        or "transit_encryption_enabled"
                    && value == "false"
            ),
            (PublicDatabase, key == "publicly_accessible" && value == "true"),
            (Password, isSecret),
        ];

    private static (Rule Rule, bool Holds)[] MachineChecks(string key, string value) =>
        [
            (Metadata, key == "http_tokens" && value == "\"optional\""),
            (PublicAddress, key == "associate_public_ip_address" && value == "true"),
            (NoRotation, key == "enable_key_rotation" && value == "false"),
            (Mutable, key == "image_tag_mutability" && value == "\"MUTABLE\""),
            (
                OldTls,
                key is "min_tls_version" or "minimum_protocol_version" or "ssl_policy" && OldVersion().IsMatch(value)
            ),
            (NoProtection, key == "deletion_protection" && value == "false"),
            (NoFinalSnapshot, key == "skip_final_snapshot" && value == "true"),
            (PublicCluster, key == "public_access_cidrs" && value.Contains("0.0.0.0/0", StringComparison.Ordinal)),
            (NoBackup, key == "backup_retention_period" && value == "0"),
            (Privileged, key is "privileged" or "privileged_mode" && value == "true"),
        ];

    // Only what comes in is meant: everything may go out.
    private static void Close(Block block, Notes notes)
    {
        var isIngress =
            block.Kind == "ingress"
            || block.Kind == "aws_vpc_security_group_ingress_rule"
            || block.Kind == "google_compute_firewall"
            || (block.Kind == "aws_security_group_rule" && block.Values.GetValueOrDefault("type").Value == "ingress");
        foreach (var key in (string[])["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6", "source_ranges"])
        {
            if (
                isIngress
                && block.Values.TryGetValue(key, out var networks)
                && (
                    networks.Value.Contains("0.0.0.0/0", StringComparison.Ordinal)
                    || networks.Value.Contains("::/0", StringComparison.Ordinal)
                )
                && block.Values.GetValueOrDefault("from_port").Value is not ("80" or "443")
            )
            {
                notes.Add(OpenWorld, networks.Line);
            }
        }
        if (
            block.Kind is "aws_lb_listener" or "aws_alb_listener"
            && block.Values.GetValueOrDefault("protocol") is { Value: "HTTP" } protocol
            && block.Values.GetValueOrDefault("type").Value != "redirect"
        )
        {
            notes.Add(PlainListener, protocol.Line);
        }
    }

    // "Action": "*" in JSON, actions = ["*"] in a document.
    private static void LookAtPolicy(string line, int number, Notes notes)
    {
        if (AllActions().IsMatch(line))
        {
            notes.Add(Wildcard, number);
        }
    }

    private sealed record Block(string Kind, string Resource, int Line)
    {
        public Dictionary<string, (string Value, int Line)> Values { get; } = new(StringComparer.Ordinal);
    }

    private const RegexOptions Plain =
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    // resource "aws_s3_bucket" "b" {     ingress {     metadata_options { http_tokens = "optional" }
    [GeneratedRegex(
        "^(?<kind>[a-z_0-9]+)(\\s+\"(?<type>[^\"]+)\")?(\\s+\"[^\"]+\")?\\s*[{](?<rest>.*)$",
        Plain,
        MatchMilliseconds
    )]
    private static partial Regex Begin();

    [GeneratedRegex("=\\s*<<[-~]?(?<end>[A-Za-z0-9_]+)$", Plain, MatchMilliseconds)]
    private static partial Regex HereDocument();

    [GeneratedRegex("^\"?(Action|actions|NotAction)\"?\\s*[:=]\\s*[[]?\\s*\"([*]|[*]:[*])\"", Plain, MatchMilliseconds)]
    private static partial Regex AllActions();

    [GeneratedRegex(
        "TLS_?1[._]?[01]\\b|TLSv1([._][01])?\"|TLS10|TLS11|SSLv3|2016-08|TLS-1-[01]",
        Plain,
        MatchMilliseconds
    )]
    private static partial Regex OldVersion();
}
