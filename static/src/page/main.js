import { mount } from '../chart.js';

mount(document.body, {});
