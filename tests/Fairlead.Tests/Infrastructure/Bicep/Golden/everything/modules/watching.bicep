// Alarms, and whom they tell.

@description('Image of api with its digest; while there is none, nothing of it runs')
param apiImage string

@description('Stands before names')
param name string

@description('Written on everything')
param tags object

@description('Image of worker with its digest; while there is none, nothing of it runs')
param workerImage string

@description('id of cacheCache, of data.bicep')
param cacheCacheId string

@description('id of frontDoor, of traffic.bicep')
param frontDoorId string

@description('id of insights, of logs.bicep')
param insightsId string

@description('id of mainDatabase, of data.bicep')
param mainDatabaseId string

@description('id of messageBus, of data.bicep')
param messageBusId string

@description('name of thumbnails, of compute.bicep')
param thumbnailsName string

resource alarms 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-alarms'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'shop'
    emailReceivers: [
      {
        name: 'mail-1'
        emailAddress: 'ops@example.com'
        useCommonAlertSchema: true
      }
    ]
  }
}

resource legacyErrors 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-legacy-errors'
  location: 'global'
  tags: tags
  properties: {
    description: 'legacy-errors of shop in production'
    severity: 2
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    scopes: [
      frontDoorId
    ]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'only'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Cdn/profiles'
          metricName: 'RequestCount'
          dimensions: [
            {
              name: 'HttpStatusGroup'
              operator: 'Include'
              values: [
                '5XX'
              ]
            }
          ]
          operator: 'GreaterThan'
          threshold: 50
          timeAggregation: 'Total'
        }
      ]
    }
    actions: [
      {
        actionGroupId: alarms.id
      }
    ]
  }
}

resource legacyUnhealthy 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-legacy-unhealthy'
  location: 'global'
  tags: tags
  properties: {
    description: 'legacy-unhealthy of shop in production'
    severity: 2
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    scopes: [
      frontDoorId
    ]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'only'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Cdn/profiles'
          metricName: 'OriginHealthPercentage'
          dimensions: [
            {
              name: 'OriginGroup'
              operator: 'Include'
              values: [
                'legacy'
              ]
            }
          ]
          operator: 'LessThan'
          threshold: 100
          timeAggregation: 'Average'
        }
      ]
    }
    actions: [
      {
        actionGroupId: alarms.id
      }
    ]
  }
}

resource apiErrors 'Microsoft.Insights/metricAlerts@2018-03-01' = if (!empty(apiImage)) {
  name: '${name}-api-errors'
  location: 'global'
  tags: tags
  properties: {
    description: 'api-errors of shop in production'
    severity: 2
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    scopes: [
      resourceId('Microsoft.App/containerApps', 'api')
    ]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'only'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.App/containerApps'
          metricName: 'Requests'
          dimensions: [
            {
              name: 'statusCodeCategory'
              operator: 'Include'
              values: [
                '5xx'
              ]
            }
          ]
          operator: 'GreaterThan'
          threshold: 50
          timeAggregation: 'Total'
        }
      ]
    }
    actions: [
      {
        actionGroupId: alarms.id
      }
    ]
  }
}

resource apiUnhealthy 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-api-unhealthy'
  location: 'global'
  tags: tags
  properties: {
    description: 'api-unhealthy of shop in production'
    severity: 2
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    scopes: [
      frontDoorId
    ]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'only'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Cdn/profiles'
          metricName: 'OriginHealthPercentage'
          dimensions: [
            {
              name: 'OriginGroup'
              operator: 'Include'
              values: [
                'api'
              ]
            }
          ]
          operator: 'LessThan'
          threshold: 100
          timeAggregation: 'Average'
        }
      ]
    }
    actions: [
      {
        actionGroupId: alarms.id
      }
    ]
  }
}

resource apiCpu 'Microsoft.Insights/metricAlerts@2018-03-01' = if (!empty(apiImage)) {
  name: '${name}-api-cpu'
  location: 'global'
  tags: tags
  properties: {
    description: 'api-cpu of shop in production'
    severity: 2
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT15M'
    scopes: [
      resourceId('Microsoft.App/containerApps', 'api')
    ]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'only'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.App/containerApps'
          metricName: 'CpuPercentage'
          operator: 'GreaterThan'
          threshold: 85
          timeAggregation: 'Average'
        }
      ]
    }
    actions: [
      {
        actionGroupId: alarms.id
      }
    ]
  }
}

resource workerCpu 'Microsoft.Insights/metricAlerts@2018-03-01' = if (!empty(workerImage)) {
  name: '${name}-worker-cpu'
  location: 'global'
  tags: tags
  properties: {
    description: 'worker-cpu of shop in production'
    severity: 2
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT15M'
    scopes: [
      resourceId('Microsoft.App/containerApps', 'worker')
    ]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'only'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.App/containerApps'
          metricName: 'CpuPercentage'
          operator: 'GreaterThan'
          threshold: 85
          timeAggregation: 'Average'
        }
      ]
    }
    actions: [
      {
        actionGroupId: alarms.id
      }
    ]
  }
}

resource thumbnailsFailures 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-thumbnails-failures'
  location: 'global'
  tags: tags
  properties: {
    description: 'thumbnails-failures of shop in production'
    severity: 2
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    scopes: [
      insightsId
    ]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'only'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Insights/components'
          metricName: 'requests/failed'
          dimensions: [
            {
              name: 'cloud/roleName'
              operator: 'Include'
              values: [
                thumbnailsName
              ]
            }
          ]
          operator: 'GreaterThan'
          threshold: 50
          timeAggregation: 'Count'
        }
      ]
    }
    actions: [
      {
        actionGroupId: alarms.id
      }
    ]
  }
}

resource mainDatabaseCpu 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-main-database-cpu'
  location: 'global'
  tags: tags
  properties: {
    description: 'main-database-cpu of shop in production'
    severity: 2
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT15M'
    scopes: [
      mainDatabaseId
    ]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'only'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.DBforPostgreSQL/flexibleServers'
          metricName: 'cpu_percent'
          operator: 'GreaterThan'
          threshold: 85
          timeAggregation: 'Average'
        }
      ]
    }
    actions: [
      {
        actionGroupId: alarms.id
      }
    ]
  }
}

resource mainDatabaseDisk 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-main-database-disk'
  location: 'global'
  tags: tags
  properties: {
    description: 'main-database-disk of shop in production'
    severity: 2
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    scopes: [
      mainDatabaseId
    ]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'only'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.DBforPostgreSQL/flexibleServers'
          metricName: 'storage_percent'
          operator: 'GreaterThan'
          threshold: 85
          timeAggregation: 'Average'
        }
      ]
    }
    actions: [
      {
        actionGroupId: alarms.id
      }
    ]
  }
}

resource cacheCacheCpu 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-cache-cache-cpu'
  location: 'global'
  tags: tags
  properties: {
    description: 'cache-cache-cpu of shop in production'
    severity: 2
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT15M'
    scopes: [
      cacheCacheId
    ]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'only'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Cache/redisEnterprise'
          metricName: 'percentProcessorTime'
          operator: 'GreaterThan'
          threshold: 85
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: [
      {
        actionGroupId: alarms.id
      }
    ]
  }
}

resource ordersQueuePutAside 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-orders-queue-put-aside'
  location: 'global'
  tags: tags
  properties: {
    description: 'orders-queue-put-aside of shop in production'
    severity: 2
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    scopes: [
      messageBusId
    ]
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'only'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: [
                'orders-queue'
              ]
            }
          ]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: [
      {
        actionGroupId: alarms.id
      }
    ]
  }
}
