using System.Runtime.CompilerServices;
using System.Text;
using Fairlead.Engine.Infrastructure.Planning;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Tests.Infrastructure;

/// <summary>Plans and states as Terraform writes them.</summary>
public sealed class TerraformPlanTests
{
    [Fact]
    public void A_replacement_says_what_forces_it()
    {
        var plan = TerraformPlanReader.Read(
            File.ReadAllBytes(Path.Combine(Here(), "Plans", "bad-replaced", "plan.json")),
            "a"
        );
        var change = Assert.Single(plan.Changes);

        Assert.Equal(
            (
                "aws_db_instance.shop",
                "aws_db_instance",
                PlannedAction.Replace,
                "kms_key_id",
                "replace_because_cannot_update"
            ),
            (change.Address, change.Type, change.Action, string.Join(' ', change.Forced), change.Reason)
        );
        Assert.Contains("kms_key_id", change.Differs);
        Assert.Equal("eu-central-1", Assert.Single(plan.Result).Region);
    }

    [Fact]
    public void What_is_removed_is_in_the_changes_and_not_in_the_result()
    {
        var plan = TerraformPlanReader.Read(
            File.ReadAllBytes(Path.Combine(Here(), "Plans", "bad-destroyed", "plan.json")),
            "a"
        );

        Assert.Equal(
            ["aws_db_instance.shop Delete", "aws_sqs_queue.jobs Create"],
            plan.Changes.Select(static one => $"{one.Address} {one.Action}")
        );
        Assert.Equal(["aws_sqs_queue.jobs"], plan.Result.Select(static one => one.Address));
        Assert.Null(plan.Changes[0].After);
    }

    [Fact]
    public void Secrets_are_hidden_and_a_changed_one_still_differs()
    {
        var plan = Read(
            """
            {"format_version":"1.2","resource_changes":[{"address":"a.b","mode":"managed","type":"a","name":"b","change":{
              "actions":["update"],"before":{"key":"old","list":["x","y"]},"after":{"key":"new","list":["x","z"],"empty":null},
              "before_sensitive":{"key":true,"list":[false,true]},"after_sensitive":{"key":true,"list":[false,true],"empty":true},
              "after_unknown":{"id":true,"list":[false,false]}}}]}
            """
        );
        var change = Assert.Single(plan.Changes);

        Assert.Equal("""{"key":"(hidden)","list":["x","(hidden)"]}""", change.Before!.ToJsonString());
        Assert.Equal(
            """{"key":"(hidden)","list":["x","(hidden)"],"empty":null,"id":"(known after apply)"}""",
            change.After!.ToJsonString()
        );
        Assert.Equal(["id", "key", "list"], change.Differs);
    }

    [Fact]
    public void What_an_attribute_is_made_of_is_followed_through_modules()
    {
        var plan = Read(
            """
            {"format_version":"1.2","resource_changes":[
              {"address":"module.lock[\"a\"].aws_s3_bucket_public_access_block.this","mode":"managed","type":"aws_s3_bucket_public_access_block","name":"this","change":{"actions":["no-op"],"after":{}}}],
             "configuration":{"root_module":{"module_calls":{
               "files":{"module":{"outputs":{"name":{"expression":{"references":["aws_s3_bucket.this.id","aws_s3_bucket.this"]}}},"resources":[]}},
               "lock":{"expressions":{"bucket":{"references":["module.files.name","module.files"]}},"module":{"variables":{"bucket":{}},"resources":[
                 {"address":"aws_s3_bucket_public_access_block.this","mode":"managed","expressions":{"bucket":{"references":["var.bucket"]}}}]}}}}}}
            """
        );

        Assert.Empty(plan.Changes);
        Assert.Equal(["module.files.aws_s3_bucket.this"], Assert.Single(plan.Result).Refers["bucket"]);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format_version":"2.0"}""")]
    [InlineData("""{"format_version":"1.2","errored":true}""")]
    [InlineData("""{"format_version":"1.2","a":"\ud800"}""")]
    public void What_is_no_plan_is_refused(string json) =>
        Assert.Equal("infra.plan-unread", Assert.Throws<ProblemException>(() => Read(json)).Problem.Code);

    [Fact]
    public void A_thousand_resources_are_read()
    {
        var one = File.ReadAllText(Path.Combine(Here(), "Plans", "bad-budget", "plan.json"));
        var root = System.Text.Json.Nodes.JsonNode.Parse(one)!;
        var change = root["resource_changes"]![0]!;
        root["resource_changes"] = new System.Text.Json.Nodes.JsonArray([
            .. Enumerable
                .Range(0, 1_000)
                .Select(at =>
                {
                    var copy = change.DeepClone();
                    copy["address"] = $"aws_instance.worker[{at}]";
                    return copy;
                }),
        ]);
        var bytes = Encoding.UTF8.GetBytes(root.ToJsonString());

        Assert.Equal(1_000, TerraformPlanReader.Read(bytes, "a").Changes.Count);
    }

    [Fact]
    public void A_state_says_what_is_there_and_hides_secrets()
    {
        var things = TerraformStateReader.Read(
            Encoding.UTF8.GetBytes(
                """
                {"version":4,"resources":[
                  {"mode":"data","type":"aws_region","name":"here","instances":[{"attributes":{"id":"x"}}]},
                  {"module":"module.db","mode":"managed","type":"aws_db_instance","name":"shop","instances":[
                    {"index_key":"a\"b","attributes":{"id":"db-1","password":"p","list":[{"key":"k","name":"n"}]},
                     "sensitive_attributes":[[{"type":"get_attr","value":"password"}],
                       [{"type":"get_attr","value":"list"},{"type":"index","value":{"value":0,"type":"number"}},{"type":"get_attr","value":"key"}]]},
                    {"index_key":1,"deposed":"00","attributes":{"id":"db-0"}}]}]}
                """
            )
        );
        var one = Assert.Single(things);

        Assert.Equal(
            ("module.db.aws_db_instance.shop[\"a\\\"b\"]", "aws_db_instance", "db-1"),
            (one.Address, one.Type, one.Id)
        );
        Assert.Equal(
            """{"id":"db-1","password":"(hidden)","list":[{"key":"(hidden)","name":"n"}]}""",
            one.Values!.ToJsonString()
        );
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"version":3}""")]
    [InlineData("""{"version":1e99}""")]
    public void What_is_no_state_is_refused(string json) =>
        Assert.Equal(
            "infra.state-unread",
            Assert.Throws<ProblemException>(() => TerraformStateReader.Read(Encoding.UTF8.GetBytes(json))).Problem.Code
        );

    private static ProvisionPlan Read(string json) => TerraformPlanReader.Read(Encoding.UTF8.GetBytes(json), "a");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
