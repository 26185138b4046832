import { createRequire } from 'node:module';
import type { Contender, Decide } from './assignment-contenders.ts';

/** The peers are no dependencies of the project: they live in a folder of their own, or nowhere, and so do their types. */
// biome-ignore lint/suspicious/noExplicitAny: six SDKs without types here; each adapter is checked by what it decides
type Sdk = any;
const require = createRequire(new URL('./peers/package.json', import.meta.url));

type Peer = {
  readonly package: string;
  /** The ways to ask it, each a contender. Every one must decide half and half for visitors from `CH`. */
  readonly adapters: (sdk: Sdk) => Promise<Record<string, Decide>>;
};

const COUNTRY = 'CH';
const noLog = { debug() {}, info() {}, warn() {}, error() {}, log() {} };

const PEERS: readonly Peer[] = [
  {
    package: '@growthbook/growthbook',
    adapters: async ({ GrowthBook, GrowthBookClient }) => {
      const condition = { country: COUNTRY };
      const experiment = { key: 'checkout', variations: [0, 1], weights: [0.5, 0.5], hashVersion: 2, condition };
      const rule = { key: 'checkout', variations: [0, 1], weights: [0.5, 0.5], hashVersion: 2, coverage: 1, condition };
      const features = { checkout: { defaultValue: 0, rules: [rule] } };
      const client = new GrowthBookClient();
      client.initSync({ payload: { features } });
      return {
        'GrowthBook runInlineExperiment': (id) =>
          client.runInlineExperiment(experiment, { attributes: { id, country: COUNTRY } }).value,
        'GrowthBook evalFeature': (id) =>
          client.evalFeature('checkout', { attributes: { id, country: COUNTRY } }).value,
        'GrowthBook new instance': (id) => {
          const growthbook = new GrowthBook({ attributes: { id, country: COUNTRY } });
          return growthbook.run(experiment).value;
        },
      };
    },
  },
  {
    package: '@optimizely/optimizely-sdk',
    adapters: async (sdk) => {
      const variations = ['a', 'b'].map((key, i) => ({ id: `2${i}`, key, featureEnabled: true, variables: [] }));
      const traffic = [
        { entityId: '20', endOfRange: 5_000 },
        { entityId: '21', endOfRange: 10_000 },
      ];
      const match = { type: 'custom_attribute', name: 'country', match: 'exact', value: COUNTRY };
      const datafile = {
        version: '4',
        rollouts: [],
        typedAudiences: [{ id: '30', name: 'country', conditions: ['and', ['or', ['or', match]]] }],
        audiences: [{ id: '30', name: 'country', conditions: '["or"]' }],
        anonymizeIP: true,
        projectId: '1',
        variables: [],
        featureFlags: [{ id: '40', key: 'checkout', experimentIds: ['10'], rolloutId: '', variables: [] }],
        experiments: [
          {
            id: '10',
            key: 'checkout',
            status: 'Running',
            layerId: '11',
            variations,
            trafficAllocation: traffic,
            forcedVariations: {},
            audienceIds: ['30'],
            audienceConditions: ['or', '30'],
          },
        ],
        attributes: [{ id: '50', key: 'country' }],
        groups: [],
        events: [],
        botFiltering: false,
        accountId: '1',
        revision: '1',
      };
      const projectConfigManager = sdk.createStaticProjectConfigManager({ datafile: JSON.stringify(datafile) });
      const client = sdk.createInstance({ projectConfigManager });
      await client.onReady();
      const options = [sdk.OptimizelyDecideOption.DISABLE_DECISION_EVENT];
      return {
        'Optimizely getVariation': (id) => (client.getVariation('checkout', id, { country: COUNTRY }) === 'b' ? 1 : 0),
        'Optimizely decide': (id) =>
          client.createUserContext(id, { country: COUNTRY }).decide('checkout', options).variationKey === 'b' ? 1 : 0,
      };
    },
  },
  {
    package: '@eppo/js-client-sdk-common',
    adapters: async ({ EppoClient, MemoryOnlyConfigurationStore }) => {
      const shard = (start: number, end: number) => ({ salt: 'checkout', ranges: [{ start, end }] });
      const flag = {
        key: 'checkout',
        enabled: true,
        variationType: 'STRING',
        variations: { a: { key: 'a', value: 'a' }, b: { key: 'b', value: 'b' } },
        allocations: [
          {
            key: 'all',
            rules: [{ conditions: [{ attribute: 'country', operator: 'ONE_OF', value: [COUNTRY] }] }],
            splits: [
              { variationKey: 'a', shards: [shard(0, 5_000)] },
              { variationKey: 'b', shards: [shard(5_000, 10_000)] },
            ],
            doLog: false,
          },
        ],
        totalShards: 10_000,
      };
      const flagConfigurationStore = new MemoryOnlyConfigurationStore();
      await flagConfigurationStore.setEntries({ checkout: flag });
      flagConfigurationStore.setFormat('SERVER');
      const client = new EppoClient({ flagConfigurationStore });
      return {
        'Eppo getStringAssignment': (id) =>
          client.getStringAssignment('checkout', id, { country: COUNTRY }, '?') === 'b' ? 1 : 0,
      };
    },
  },
  {
    package: 'statsig-node',
    adapters: async (sdk) => {
      const group = (name: string, value: string, upTo: number) => ({
        name,
        id: name,
        salt: '',
        idType: 'userID',
        groupName: name,
        passPercentage: 100,
        isExperimentGroup: true,
        returnValue: { variant: value },
        conditions: [
          {
            type: 'user_bucket',
            targetValue: upTo,
            operator: 'lt',
            field: null,
            additionalValues: { salt: 'checkout' },
            idType: 'userID',
            isDeviceBased: false,
          },
        ],
      });
      const targeting = {
        name: 'inlineTargetingRules',
        id: 'inlineTargetingRules',
        salt: '',
        idType: 'userID',
        passPercentage: 100,
        returnValue: {},
        conditions: [
          {
            type: 'user_field',
            targetValue: [COUNTRY],
            operator: 'none',
            field: 'country',
            additionalValues: {},
            idType: 'userID',
            isDeviceBased: false,
          },
        ],
      };
      const specs = {
        has_updates: true,
        time: 1,
        feature_gates: [],
        layer_configs: [],
        layers: {},
        dynamic_configs: [
          {
            name: 'checkout',
            type: 'dynamic_config',
            entity: 'experiment',
            salt: 'checkout',
            enabled: true,
            isActive: true,
            idType: 'userID',
            isDeviceBased: false,
            defaultValue: {},
            rules: [targeting, group('a', 'a', 500), group('b', 'b', 1_000)],
            hasSharedParams: false,
          },
        ],
      };
      const StatsigServer =
        sdk.StatsigServer ?? (await import(require.resolve('statsig-node/dist/StatsigServer.js'))).default.default;
      const server = new StatsigServer('secret-bench', {
        bootstrapValues: JSON.stringify(specs),
        localMode: true,
        disableDiagnostics: true,
        disableIdListsSync: true,
        disableRulesetsSync: true,
        initStrategyForIP3Country: 'none',
        initStrategyForIDLists: 'none',
        logger: noLog,
      });
      await server.initializeAsync();
      return {
        'Statsig getExperiment': (id) =>
          server
            .getExperimentWithExposureLoggingDisabledSync({ userID: id, country: COUNTRY }, 'checkout')
            .get('variant', '?') === 'b'
            ? 1
            : 0,
      };
    },
  },
  {
    package: 'unleash-client',
    adapters: async ({ Unleash, InMemStorageProvider }) => {
      const feature = {
        name: 'checkout',
        enabled: true,
        strategies: [
          {
            name: 'flexibleRollout',
            parameters: { rollout: '100', stickiness: 'userId', groupId: 'checkout' },
            constraints: [{ contextName: 'country', operator: 'IN', values: [COUNTRY], inverted: false }],
            variants: ['a', 'b'].map((name) => ({ name, weight: 500, weightType: 'variable', stickiness: 'userId' })),
          },
        ],
        variants: [],
      };
      const unleash = new Unleash({
        url: 'http://127.0.0.1:9/',
        appName: 'bench',
        refreshInterval: 0,
        disableMetrics: true,
        disableAutoStart: true,
        skipInstanceCountWarning: true,
        storageProvider: new InMemStorageProvider(),
        bootstrap: { data: [feature] },
      });
      unleash.on('error', () => {});
      unleash.on('warn', () => {});
      const ready = new Promise((resolve) => unleash.once('ready', resolve));
      void unleash.start();
      await ready;
      return {
        'Unleash getVariant': (id) =>
          unleash.getVariant('checkout', { userId: id, properties: { country: COUNTRY } }).name === 'b' ? 1 : 0,
      };
    },
  },
  {
    package: 'planout',
    adapters: async ({ Experiment, Ops }) => {
      class Checkout extends Experiment {
        setup() {
          this.setName('checkout');
        }
        configureLogger() {}
        log() {}
        previouslyLogged() {
          return true;
        }
        getParamNames() {
          return ['variant'];
        }
        assign(params: Sdk, args: Sdk) {
          if (args.country !== COUNTRY) return;
          params.set('variant', new Ops.Random.WeightedChoice({ choices: [0, 1], weights: [1, 1], unit: args.id }));
        }
      }
      return { 'PlanOut experiment': (id) => new (Checkout as Sdk)({ id, country: COUNTRY }).get('variant') };
    },
  },
];

export type Peers = { readonly contenders: Contender[]; readonly missing: string[] };

/** The peers that are installed, ready to decide, and the names of those that are not. */
export async function peers(): Promise<Peers> {
  const contenders: Contender[] = [];
  const missing: string[] = [];
  for (const { package: name, adapters } of PEERS) {
    let sdk: Sdk;
    let version: string;
    try {
      version = (require(`./node_modules/${name}/package.json`) as { version: string }).version;
      sdk = require(name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
      missing.push(name);
      continue;
    }
    for (const [label, decide] of Object.entries(await adapters(sdk)))
      contenders.push({ name: label, role: 'peer', version, decide });
  }
  return { contenders, missing };
}

/** GrowthBook with many experiments, one user context for all of a visitor's decisions: its cheapest way. */
export function growthBookOfMany(count: number): ((visitor: string) => number) | undefined {
  let sdk: Sdk;
  try {
    sdk = require('@growthbook/growthbook');
  } catch {
    return undefined;
  }
  const client = new sdk.GrowthBookClient();
  const experiments = Array.from({ length: count }, (_, i) => ({
    key: `experiment-${i}`,
    variations: [0, 1],
    weights: [0.5, 0.5],
    hashVersion: 2,
    condition: { country: COUNTRY },
  }));
  return (id) => {
    const context = { attributes: { id, country: COUNTRY } };
    let sum = 0;
    for (const experiment of experiments) sum += client.runInlineExperiment(experiment, context).value;
    return sum;
  };
}
