import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
// Stands before the name of everything
const name = config.get("name") ?? "intake-production";
// Image of api with its digest; while there is none, no copy of it runs
const apiImage = config.get("apiImage") ?? "";

const region = aws.getRegionOutput();

const callerIdentity = aws.getCallerIdentityOutput();

const partition = aws.getPartitionOutput();

const network = new aws.ec2.Vpc("network", {
  cidrBlock: "10.0.0.0/16",
  enableDnsHostnames: true,
  enableDnsSupport: true,
  tags: {
    Name: pulumi.interpolate`${name}-network`,
  },
});

// Every network has this group, and lets everything in that has it: nothing may be reached by it.
const networkClosed = new aws.ec2.DefaultSecurityGroup("network-closed", {
  vpcId: network.id,
});

const networkGateway = new aws.ec2.InternetGateway("network-gateway", {
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-network`,
  },
});

const networkPublic = new aws.ec2.RouteTable("network-public", {
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-public`,
  },
  routes: [
    {
      cidrBlock: "0.0.0.0/0",
      gatewayId: networkGateway.id,
    },
  ],
});

const networkPrivate1 = new aws.ec2.RouteTable("network-private-1", {
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-private-1`,
  },
});

const availabilityZones = aws.getAvailabilityZonesOutput({
  state: "available",
});

const publicA = new aws.ec2.Subnet("public-a", {
  vpcId: network.id,
  cidrBlock: "10.0.0.0/20",
  availabilityZone: availabilityZones.names[0],
  tags: {
    Name: pulumi.interpolate`${name}-public-a`,
  },
});

const publicARoutes = new aws.ec2.RouteTableAssociation("public-a-routes", {
  subnetId: publicA.id,
  routeTableId: networkPublic.id,
});

const publicB = new aws.ec2.Subnet("public-b", {
  vpcId: network.id,
  cidrBlock: "10.0.16.0/20",
  availabilityZone: availabilityZones.names[1],
  tags: {
    Name: pulumi.interpolate`${name}-public-b`,
  },
});

const publicBRoutes = new aws.ec2.RouteTableAssociation("public-b-routes", {
  subnetId: publicB.id,
  routeTableId: networkPublic.id,
});

const publicC = new aws.ec2.Subnet("public-c", {
  vpcId: network.id,
  cidrBlock: "10.0.32.0/20",
  availabilityZone: availabilityZones.names[2],
  tags: {
    Name: pulumi.interpolate`${name}-public-c`,
  },
});

const publicCRoutes = new aws.ec2.RouteTableAssociation("public-c-routes", {
  subnetId: publicC.id,
  routeTableId: networkPublic.id,
});

const privateA = new aws.ec2.Subnet("private-a", {
  vpcId: network.id,
  cidrBlock: "10.0.128.0/20",
  availabilityZone: availabilityZones.names[0],
  tags: {
    Name: pulumi.interpolate`${name}-private-a`,
  },
});

const privateARoutes = new aws.ec2.RouteTableAssociation("private-a-routes", {
  subnetId: privateA.id,
  routeTableId: networkPrivate1.id,
});

const privateB = new aws.ec2.Subnet("private-b", {
  vpcId: network.id,
  cidrBlock: "10.0.144.0/20",
  availabilityZone: availabilityZones.names[1],
  tags: {
    Name: pulumi.interpolate`${name}-private-b`,
  },
});

const privateBRoutes = new aws.ec2.RouteTableAssociation("private-b-routes", {
  subnetId: privateB.id,
  routeTableId: networkPrivate1.id,
});

const privateC = new aws.ec2.Subnet("private-c", {
  vpcId: network.id,
  cidrBlock: "10.0.160.0/20",
  availabilityZone: availabilityZones.names[2],
  tags: {
    Name: pulumi.interpolate`${name}-private-c`,
  },
});

const privateCRoutes = new aws.ec2.RouteTableAssociation("private-c-routes", {
  subnetId: privateC.id,
  routeTableId: networkPrivate1.id,
});

const loadBalancerFirewall = new aws.ec2.SecurityGroup("load-balancer-firewall", {
  name: pulumi.interpolate`${name}-load-balancer-firewall`,
  description: "load-balancer-firewall of intake in production",
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-load-balancer-firewall`,
  },
});

const loadBalancerFirewallIn1 = new aws.vpc.SecurityGroupIngressRule("load-balancer-firewall-in-1", {
  securityGroupId: loadBalancerFirewall.id,
  description: "visitors, who are sent to HTTPS",
  cidrIpv4: "0.0.0.0/0",
  fromPort: 80,
  toPort: 80,
  ipProtocol: "tcp",
});

const loadBalancerFirewallIn2 = new aws.vpc.SecurityGroupIngressRule("load-balancer-firewall-in-2", {
  securityGroupId: loadBalancerFirewall.id,
  description: "visitors",
  cidrIpv4: "0.0.0.0/0",
  fromPort: 443,
  toPort: 443,
  ipProtocol: "tcp",
});

const loadBalancerFirewallOut = new aws.vpc.SecurityGroupEgressRule("load-balancer-firewall-out", {
  securityGroupId: loadBalancerFirewall.id,
  description: "whatever it calls",
  cidrIpv4: "0.0.0.0/0",
  ipProtocol: "-1",
});

const certificate = new aws.acm.Certificate("certificate", {
  domainName: "intake.example.com",
  validationMethod: "DNS",
});

// There already, and of more than one app: nobody makes or removes it here.
const zone = aws.route53.getZoneOutput({
  name: "example.com",
});

const certificateProof = new aws.route53.Record("certificate-proof", {
  zoneId: zone.zoneId,
  name: certificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "intake.example.com")!.resourceRecordName),
  type: certificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "intake.example.com")!.resourceRecordType),
  records: [
    certificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === "intake.example.com")!.resourceRecordValue),
  ],
  ttl: 60,
  allowOverwrite: true,
});

const certificateProven = new aws.acm.CertificateValidation("certificate-proven", {
  certificateArn: certificate.arn,
  validationRecordFqdns: [certificateProof.fqdn],
});

const loadBalancer = new aws.lb.LoadBalancer("load-balancer", {
  name: pulumi.interpolate`${name}-load-balancer`,
  loadBalancerType: "application",
  subnets: [publicA.id, publicB.id, publicC.id],
  securityGroups: [loadBalancerFirewall.id],
  enableDeletionProtection: true,
  dropInvalidHeaderFields: true,
}, { dependsOn: [networkGateway] });

const loadBalancerApi = new aws.lb.TargetGroup("load-balancer-api", {
  namePrefix: "api-",
  vpcId: network.id,
  targetType: "ip",
  protocol: "HTTP",
  port: 8080,
  deregistrationDelay: 30,
  healthCheck: {
    path: "/healthz",
    interval: 10,
    healthyThreshold: 2,
    matcher: "200-399",
  },
});

const loadBalancerHttp = new aws.lb.Listener("load-balancer-http", {
  loadBalancerArn: loadBalancer.arn,
  port: 80,
  protocol: "HTTP",
  defaultActions: [
    {
      type: "redirect",
      redirect: {
        port: "443",
        protocol: "HTTPS",
        statusCode: "HTTP_301",
      },
    },
  ],
});

const loadBalancerHttps = new aws.lb.Listener("load-balancer-https", {
  loadBalancerArn: loadBalancer.arn,
  port: 443,
  protocol: "HTTPS",
  sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  certificateArn: certificateProven.certificateArn,
  defaultActions: [
    {
      type: "forward",
      targetGroupArn: loadBalancerApi.arn,
    },
  ],
});

const intakeExampleComRecord = new aws.route53.Record("intake-example-com-record", {
  zoneId: zone.zoneId,
  name: "intake.example.com",
  type: "A",
  aliases: [
    {
      name: loadBalancer.dnsName,
      zoneId: loadBalancer.zoneId,
      evaluateTargetHealth: false,
    },
  ],
});

const programsFirewall = new aws.ec2.SecurityGroup("programs-firewall", {
  name: pulumi.interpolate`${name}-programs-firewall`,
  description: "programs-firewall of intake in production",
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-programs-firewall`,
  },
});

const programsFirewallIn1 = new aws.vpc.SecurityGroupIngressRule("programs-firewall-in-1", {
  securityGroupId: programsFirewall.id,
  description: "the load balancer",
  referencedSecurityGroupId: loadBalancerFirewall.id,
  fromPort: 8080,
  toPort: 8080,
  ipProtocol: "tcp",
});

const programsFirewallOut = new aws.vpc.SecurityGroupEgressRule("programs-firewall-out", {
  securityGroupId: programsFirewall.id,
  description: "whatever it calls",
  cidrIpv4: "0.0.0.0/0",
  ipProtocol: "-1",
});

const mainDatabaseFirewall = new aws.ec2.SecurityGroup("main-database-firewall", {
  name: pulumi.interpolate`${name}-main-database-firewall`,
  description: "main-database-firewall of intake in production",
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-main-database-firewall`,
  },
});

const mainDatabaseFirewallIn1 = new aws.vpc.SecurityGroupIngressRule("main-database-firewall-in-1", {
  securityGroupId: mainDatabaseFirewall.id,
  description: "the apps programs",
  referencedSecurityGroupId: programsFirewall.id,
  fromPort: 3306,
  toPort: 3306,
  ipProtocol: "tcp",
});

const mainDatabaseSubnets = new aws.rds.SubnetGroup("main-database-subnets", {
  name: pulumi.interpolate`${name}-main-database`,
  subnetIds: [privateA.id, privateB.id, privateC.id],
});

// AWS makes and keeps the password, so that nobody types it and no state has it. A last snapshot stays when it is removed.
const mainDatabase = new aws.rds.Instance("main-database", {
  identifier: pulumi.interpolate`${name}-main-database`,
  engine: "mysql",
  engineVersion: "8.4",
  instanceClass: "db.m7g.xlarge",
  allocatedStorage: 100,
  storageType: "gp3",
  storageEncrypted: true,
  dbName: "intake",
  username: "app",
  manageMasterUserPassword: true,
  multiAz: false,
  backupRetentionPeriod: 14,
  copyTagsToSnapshot: true,
  deletionProtection: true,
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: pulumi.interpolate`${name}-main-database-final`,
  publiclyAccessible: false,
  dbSubnetGroupName: mainDatabaseSubnets.name,
  vpcSecurityGroupIds: [mainDatabaseFirewall.id],
  enabledCloudwatchLogsExports: ["error"],
});

// Services find each other by their names in it.
const containersNames = new aws.servicediscovery.HttpNamespace("containers-names", {
  name: name,
});

const containers = new aws.ecs.Cluster("containers", {
  name: pulumi.interpolate`${name}-containers`,
  settings: [
    {
      name: "containerInsights",
      value: "enabled",
    },
  ],
  serviceConnectDefaults: {
    namespace: containersNames.arn,
  },
});

const apiImages = new aws.ecr.Repository("api-images", {
  name: pulumi.interpolate`${name}/api-images`,
  imageTagMutability: "IMMUTABLE",
  forceDelete: true,
  imageScanningConfiguration: {
    scanOnPush: true,
  },
  encryptionConfigurations: [
    {
      encryptionType: "AES256",
    },
  ],
});

const apiImagesKeeping = new aws.ecr.LifecyclePolicy("api-images-keeping", {
  repository: apiImages.name,
  policy: pulumi.jsonStringify({
    rules: [
      {
        rulePriority: 1,
        description: "Keep the newest images",
        selection: {
          tagStatus: "any",
          countType: "imageCountMoreThan",
          countNumber: 20,
        },
        action: {
          type: "expire",
        },
      },
    ],
  }),
});

const apiLog = new aws.cloudwatch.LogGroup("api-log", {
  name: pulumi.interpolate`/fairlead/${name}/api-log`,
  retentionInDays: 30,
});

const apiStarter = new aws.iam.Role("api-starter", {
  name: pulumi.interpolate`${name}-api-starter`,
  description: "api-starter of intake in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "ecs-tasks.amazonaws.com",
        },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": callerIdentity.accountId,
          },
        },
      },
    ],
  }),
});

const apiStarterWork = new aws.iam.RolePolicy("api-starter-work", {
  name: "work",
  role: apiStarter.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["ecr:GetAuthorizationToken"],
        Resource: "*",
      },
      {
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: apiImages.arn,
      },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${apiLog.arn}:*`,
      },
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: mainDatabase.masterUserSecrets[0].secretArn,
      },
    ],
  }),
});

const apiIdentity = new aws.iam.Role("api-identity", {
  name: pulumi.interpolate`${name}-api-identity`,
  description: "api-identity of intake in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "ecs-tasks.amazonaws.com",
        },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": callerIdentity.accountId,
          },
        },
      },
    ],
  }),
});

const apiTask = new aws.ecs.TaskDefinition("api-task", {
  family: pulumi.interpolate`${name}-api`,
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
  executionRoleArn: apiStarter.arn,
  taskRoleArn: apiIdentity.arn,
  containerDefinitions: pulumi.jsonStringify([
    {
      name: "api",
      image: apiImage === "" ? "public.ecr.aws/docker/library/busybox:1.37" : apiImage,
      essential: true,
      portMappings: [
        {
          name: "http",
          containerPort: 8080,
          protocol: "tcp",
          appProtocol: "http",
        },
      ],
      environment: [
        {
          name: "DATABASE_HOST",
          value: mainDatabase.address,
        },
        {
          name: "DATABASE_NAME",
          value: "intake",
        },
        {
          name: "DATABASE_PORT",
          value: "3306",
        },
        {
          name: "DATABASE_USER",
          value: "app",
        },
        {
          name: "PORT",
          value: "8080",
        },
      ],
      secrets: [
        {
          name: "DATABASE_PASSWORD",
          valueFrom: pulumi.interpolate`${mainDatabase.masterUserSecrets[0].secretArn}:password::`,
        },
      ],
      linuxParameters: {
        initProcessEnabled: true,
      },
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": apiLog.name,
          "awslogs-region": region.name,
          "awslogs-stream-prefix": "api",
        },
      },
    },
  ]),
});

const api = new aws.ecs.Service("api", {
  name: "api",
  cluster: containers.arn,
  taskDefinition: apiTask.arn,
  launchType: "FARGATE",
  desiredCount: apiImage === "" ? 0 : 1,
  deploymentMinimumHealthyPercent: 100,
  deploymentMaximumPercent: 200,
  healthCheckGracePeriodSeconds: 60,
  enableEcsManagedTags: true,
  propagateTags: "SERVICE",
  deploymentCircuitBreaker: {
    enable: true,
    rollback: true,
  },
  networkConfiguration: {
    subnets: [privateA.id, privateB.id, privateC.id],
    securityGroups: [programsFirewall.id],
    assignPublicIp: false,
  },
  loadBalancers: [
    {
      targetGroupArn: loadBalancerApi.arn,
      containerName: "api",
      containerPort: 8080,
    },
  ],
  serviceConnectConfiguration: {
    enabled: true,
    namespace: containersNames.arn,
    services: [
      {
        portName: "http",
        discoveryName: "api",
        clientAlias: [
          {
            dnsName: "api",
            port: 80,
          },
        ],
      },
    ],
  },
}, { dependsOn: [loadBalancerHttps], ignoreChanges: ["taskDefinition", "desiredCount"] });

// Costs nothing, and keeps images and files from going out and in again.
const networkToS3 = new aws.ec2.VpcEndpoint("network-to-s3", {
  vpcId: network.id,
  vpcEndpointType: "Gateway",
  serviceName: pulumi.interpolate`com.amazonaws.${region.name}.s3`,
  routeTableIds: [networkPrivate1.id],
  tags: {
    Name: pulumi.interpolate`${name}-to-s3`,
  },
});

const networkEndpoints = new aws.ec2.SecurityGroup("network-endpoints", {
  name: pulumi.interpolate`${name}-endpoints`,
  description: "AWS itself, from within the network",
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-endpoints`,
  },
});

const networkEndpointsIn = new aws.vpc.SecurityGroupIngressRule("network-endpoints-in", {
  securityGroupId: networkEndpoints.id,
  description: "programs in the network",
  cidrIpv4: "10.0.0.0/16",
  fromPort: 443,
  toPort: 443,
  ipProtocol: "tcp",
});

const networkToEcrApi = new aws.ec2.VpcEndpoint("network-to-ecr-api", {
  vpcId: network.id,
  vpcEndpointType: "Interface",
  serviceName: pulumi.interpolate`com.amazonaws.${region.name}.ecr.api`,
  privateDnsEnabled: true,
  subnetIds: [privateA.id, privateB.id, privateC.id],
  securityGroupIds: [networkEndpoints.id],
  tags: {
    Name: pulumi.interpolate`${name}-to-ecr-api`,
  },
});

const networkToEcrDkr = new aws.ec2.VpcEndpoint("network-to-ecr-dkr", {
  vpcId: network.id,
  vpcEndpointType: "Interface",
  serviceName: pulumi.interpolate`com.amazonaws.${region.name}.ecr.dkr`,
  privateDnsEnabled: true,
  subnetIds: [privateA.id, privateB.id, privateC.id],
  securityGroupIds: [networkEndpoints.id],
  tags: {
    Name: pulumi.interpolate`${name}-to-ecr-dkr`,
  },
});

const networkToLogs = new aws.ec2.VpcEndpoint("network-to-logs", {
  vpcId: network.id,
  vpcEndpointType: "Interface",
  serviceName: pulumi.interpolate`com.amazonaws.${region.name}.logs`,
  privateDnsEnabled: true,
  subnetIds: [privateA.id, privateB.id, privateC.id],
  securityGroupIds: [networkEndpoints.id],
  tags: {
    Name: pulumi.interpolate`${name}-to-logs`,
  },
});

const networkToSecretsmanager = new aws.ec2.VpcEndpoint("network-to-secretsmanager", {
  vpcId: network.id,
  vpcEndpointType: "Interface",
  serviceName: pulumi.interpolate`com.amazonaws.${region.name}.secretsmanager`,
  privateDnsEnabled: true,
  subnetIds: [privateA.id, privateB.id, privateC.id],
  securityGroupIds: [networkEndpoints.id],
  tags: {
    Name: pulumi.interpolate`${name}-to-secretsmanager`,
  },
});

const networkToSqs = new aws.ec2.VpcEndpoint("network-to-sqs", {
  vpcId: network.id,
  vpcEndpointType: "Interface",
  serviceName: pulumi.interpolate`com.amazonaws.${region.name}.sqs`,
  privateDnsEnabled: true,
  subnetIds: [privateA.id, privateB.id, privateC.id],
  securityGroupIds: [networkEndpoints.id],
  tags: {
    Name: pulumi.interpolate`${name}-to-sqs`,
  },
});

// Where api-images are sent
export const apiImagesUri = apiImages.repositoryUrl;
// Service api in the cluster
export const apiService = api.name;
// Cluster of the containers
export const containersCluster = containers.name;
// Where the load balancer answers
export const loadBalancerUrl = pulumi.interpolate`https://${loadBalancer.dnsName}`;
// Where main-database answers
export const mainDatabaseHost = mainDatabase.address;
// Where the password of main-database is kept
export const mainDatabasePasswordArn = mainDatabase.masterUserSecrets[0].secretArn;
