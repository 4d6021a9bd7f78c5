using System.Runtime.CompilerServices;
using Fairlead.Engine.Guarding.Network;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Guarding.Network;

/// <summary>
/// The same plan as every format writes it, in files that a person can read. To take new answers, run once with FAIRLEAD_GOLDEN=write
/// and read the difference.
/// </summary>
public sealed class NetworkGoldenTests
{
    private static readonly string Folder = Path.Combine(Here(), "Golden");

    [Fact]
    public void A_plan_says_who_may_talk_to_whom_and_why() =>
        Assert.Equal(
            """
            the edge -> billing 8080/tcp: billing answers /billing
            Fairlead's server -> billing 9100/tcp: billing shows metrics
            the edge -> api 8080/tcp: api answers /api
            Fairlead's server -> api 8080/tcp: api shows metrics
            the edge -> legacy 8080/tcp: legacy answers /old
            billing -> api 8080/tcp: billing calls api
            api -> billing 8080/tcp: api uses billing
            mails -> api 8080/tcp: mails uses api
            mails -> legacy 8080/tcp: mails uses legacy
            billing -> 0.0.0.0/0 443/tcp: billing names 0.0.0.0/0:443
            billing -> 169.254.169.254/32 80/tcp: billing names 169.254.169.254/32:80
            billing -> the name server 53/udp: names are looked up
            billing -> the name server 53/tcp: names are looked up
            billing -> Fairlead's server 8077/tcp: telemetry is sent
            api -> api.stripe.com 443/tcp: api names api.stripe.com:443
            api -> 10.20.0.0/16 5432/tcp: api names 10.20.0.0/16:5432
            api -> 2001:db8::/32 8443/tcp: api names [2001:db8::/32]:8443
            api -> ntp.example.com 123/udp: api names ntp.example.com:123/udp
            api -> the name server 53/udp: names are looked up
            api -> the name server 53/tcp: names are looked up
            api -> Fairlead's server 8077/tcp: telemetry is sent
            legacy -> the name server 53/udp: names are looked up
            legacy -> the name server 53/tcp: names are looked up
            legacy -> Fairlead's server 8077/tcp: telemetry is sent
            mails -> smtp.example.com 587/tcp: mails names smtp.example.com:587
            mails -> the name server 53/udp: names are looked up
            mails -> the name server 53/tcp: names are looked up
            mails -> Fairlead's server 8077/tcp: telemetry is sent
            mails-queue -> the name server 53/udp: names are looked up
            mails-queue -> the name server 53/tcp: names are looked up
            mails-queue -> Fairlead's server 8077/tcp: telemetry is sent
            mails uses web, which is only files and served by the edge: name its host in network.hosts of mails if mails reads them.
            mails calls mails-queue, which listens on no port that the manifest names: nothing is allowed.
            """,
            string.Join('\n', NetworkSample.Plan.Flows.Select(flow => flow.ToString()).Concat(NetworkSample.Plan.Notes))
        );

    [Theory]
    [InlineData(NetworkFormat.Kubernetes, "kubernetes.yaml")]
    [InlineData(NetworkFormat.Istio, "istio.yaml")]
    [InlineData(NetworkFormat.Linkerd, "linkerd.yaml")]
    [InlineData(NetworkFormat.SecurityGroups, "security-groups.tf.json")]
    [InlineData(NetworkFormat.Nftables, "shop.nft")]
    public void A_plan_is_written_in_the_words_of_its_format(NetworkFormat format, string file)
    {
        var written = NetworkFormats.Write(NetworkSample.Plan, format, NetworkSample.Places);
        Same(file, written.Text);
        Same($"{file}.warnings.txt", string.Concat(written.Warnings.Select(warning => $"{warning}\n")));
    }

    [Fact]
    public void Nobody_s_address_is_refused_with_who_there_is() =>
        Assert.Equal(
            """
            --address cannot be read: apy=10.0.0.1
              why: Nobody in the plan is called so; there are: api, api.stripe.com, billing, edge, legacy, mails, mails-queue, ntp.example.com, operators, resolver, server, smtp.example.com.
              fix: Write for example: --address api=10.0.0.5 --address resolver=10.0.0.2
              (network.wrong-address)
            """,
            Assert
                .Throws<ProblemException>(() => new Places("a", "b").With(["apy=10.0.0.1"], NetworkSample.Plan))
                .Problem.ToString()
        );

    [Theory]
    [InlineData("api")]
    [InlineData("api=")]
    [InlineData("api=10.0.0")]
    [InlineData("api=10.0.0.1,}; flush ruleset")]
    [InlineData("=10.0.0.1")]
    public void What_is_no_address_is_refused(string line) =>
        Assert.Equal(
            "network.wrong-address",
            Assert.Throws<ProblemException>(() => new Places("a", "b").With([line], NetworkSample.Plan)).Problem.Code
        );

    private static void Same(string file, string actual)
    {
        var path = Path.Combine(Folder, file);
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, actual);
            return;
        }
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
